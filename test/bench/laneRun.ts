import { Buffer } from 'node:buffer';
import { inspect, isDeepStrictEqual } from 'node:util';
import type { Lane, Regime } from './regimes/regime.ts';

/** Repeats the work of one side. Only the steps count, and only when their answers are right. */
export class LaneRun {
  constructor(
    private readonly regime: Regime,
    private readonly lane: Lane,
    private readonly right: { readonly expected: unknown } | undefined,
  ) {}

  /**
   * Lets code be compiled and the scheduler settle. Two processes that begin to talk share a core for
   * some 40 ms, and answer each other four times as fast as afterwards. At least one step is made: the first
   * one after a collection, which only this process has had, takes up to twice as long.
   */
  async warmUp(spanMs: number): Promise<void> {
    globalThis.gc?.(); // the garbage of one side is not to be paid by the next
    await this.compile(spanMs);
    await this.repeat(spanMs, 1);
  }

  /** Goes on until the steps have taken `spanMs`; answers microseconds per operation. */
  async repeat(spanMs: number, minSteps = this.regime.minSteps): Promise<number> {
    const { operations = this.regime.operations } = this.lane;
    const endsAtMs = performance.now() + 3 * spanMs; // with all that does not count
    let spentMs = 0;
    let steps = 0;
    while ((spentMs < spanMs && performance.now() < endsAtMs) || steps < minSteps) {
      spentMs += await this.timeStep();
      steps++;
    }
    return (spentMs * 1_000) / steps / operations;
  }

  /**
   * Has what carries calls compiled, where the steps themselves are too few for that: a collection has the
   * engine throw away code that knows the classes of objects of which none is left.
   */
  private async compile(spanMs: number): Promise<void> {
    const { smallStep } = this.lane;
    const endsAtMs = performance.now() + spanMs;
    while (smallStep && performance.now() < endsAtMs) await smallStep();
  }

  private async timeStep(): Promise<number> {
    const { lane, right } = this;
    await lane.prepare?.();
    const startedAtMs = performance.now();
    const answer = await lane.step();
    const tookMs = performance.now() - startedAtMs;
    if (right) assertSame(answer, right.expected);
    return tookMs;
  }
}

/** Bytes are the same whether a Buffer or a plain array holds them, and compared in less time. */
function assertSame(answer: unknown, expected: unknown): void {
  const isSame =
    answer instanceof Uint8Array && expected instanceof Uint8Array
      ? Buffer.compare(answer, expected) === 0
      : isDeepStrictEqual(answer, expected);
  if (isSame) return;
  const shown = inspect(answer, { depth: 2, maxArrayLength: 5, maxStringLength: 80 });
  throw new Error(`the answer is not what the work comes to: ${shown.slice(0, 400)}`);
}
