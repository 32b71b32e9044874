import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { Emitter } from '../../server/shared/base/event.ts';
import type { Clock } from '../../server/shared/base/platform.ts';

/** Looks at a process's resident memory again and again while it is busy. */
export class MemoryWatch implements DisposableLike {
  private readonly exceeded = new Emitter<string>();
  /** Stands for one span of being busy; undefined while idle. */
  private span: object | undefined;
  private timer: DisposableLike | undefined;

  /** Fires with words for a person when the limit is passed. */
  readonly onExceeded = this.exceeded.event;

  constructor(
    private readonly residentBytes: () => Promise<number | undefined>,
    private readonly limitMb: number,
    private readonly everyMs: number,
    private readonly clock: Clock,
  ) {}

  start(): void {
    if (this.span) return;
    this.span = {};
    this.lookAgain(this.span);
  }

  stop(): void {
    this.span = undefined;
    this.timer?.dispose();
  }

  dispose(): void {
    this.stop();
    this.exceeded.dispose();
  }

  private lookAgain(span: object): void {
    this.timer = this.clock.after(this.everyMs, () => void this.look(span));
  }

  private async look(span: object): Promise<void> {
    const residentMb = ((await this.residentBytes()) ?? 0) / (1024 * 1024);
    if (this.span !== span) return; // idle since, or busy anew
    if (residentMb <= this.limitMb) return this.lookAgain(span);
    this.stop();
    this.exceeded.fire(
      `it used ${Math.round(residentMb)} MB, more than its limit of ${this.limitMb} MB`,
    );
  }
}
