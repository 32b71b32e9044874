import type { ProcessSession } from '../processSession.ts';
import type { Session, ToolCall } from '../session.ts';

/** One caller's hold on a session. Calls go through it; releasing it twice is the same as once. */
export class Lease<S extends ProcessSession = Session> implements Disposable {
  private released = false;
  private askedAtMs: number | undefined;

  constructor(
    readonly session: S,
    askedAtMs: number,
    private readonly onRelease: () => void,
  ) {
    this.askedAtMs = askedAtMs;
  }

  /** The first call's wait began when the lease was asked for. */
  call(this: Lease, call: ToolCall): Promise<unknown> {
    const askedAtMs = call.askedAtMs ?? this.askedAtMs;
    this.askedAtMs = undefined;
    return this.session.call({ ...call, askedAtMs });
  }

  get isReleased(): boolean {
    return this.released;
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.onRelease();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
