import type { Session, ToolCall } from './session.ts';

/** One caller's hold on a session. Calls go through it; releasing it twice is the same as once. */
export class Lease implements Disposable {
  private isReleased = false;
  private askedAtMs: number | undefined;

  constructor(
    readonly session: Session,
    askedAtMs: number,
    private readonly onRelease: () => void,
  ) {
    this.askedAtMs = askedAtMs;
  }

  /** The first call's wait began when the lease was asked for. */
  call(call: ToolCall): Promise<unknown> {
    const askedAtMs = call.askedAtMs ?? this.askedAtMs;
    this.askedAtMs = undefined;
    return this.session.call({ ...call, askedAtMs });
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.onRelease();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
