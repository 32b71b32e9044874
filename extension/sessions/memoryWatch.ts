import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { Emitter } from '../../server/shared/base/event.ts';
import type { Clock } from '../../server/shared/base/platform.ts';

/** Looks at a process's resident memory again and again: often while it is busy, now and then else. */
export class MemoryWatch implements DisposableLike {
  private readonly exceeded = new Emitter<string>();
  private timer: DisposableLike | undefined;
  private isBusy = false;
  private isOver = false;
  /** What the last look showed. */
  latestMb: number | undefined;

  /** Fires once, with words for a person, when the limit is passed. */
  readonly onExceeded = this.exceeded.event;

  constructor(
    private readonly residentBytes: () => Promise<number | undefined>,
    private readonly limitMb: number,
    private readonly everyMs: { readonly busy: number; readonly idle: number },
    private readonly clock: Clock,
  ) {
    this.lookLater();
  }

  setBusy(isBusy: boolean): void {
    if (this.isBusy === isBusy) return;
    this.isBusy = isBusy;
    if (isBusy) this.lookLater(); // sooner than was planned
  }

  dispose(): void {
    this.isOver = true;
    this.timer?.dispose();
    this.exceeded.dispose();
  }

  private lookLater(): void {
    this.timer?.dispose();
    const delayMs = this.isBusy ? this.everyMs.busy : this.everyMs.idle;
    this.timer = this.clock.after(delayMs, () => void this.look());
  }

  private async look(): Promise<void> {
    const bytes = await this.residentBytes();
    if (this.isOver) return;
    const residentMb = (bytes ?? 0) / (1024 * 1024);
    this.latestMb = bytes === undefined ? undefined : residentMb;
    if (residentMb <= this.limitMb) return this.lookLater();
    this.isOver = true;
    this.exceeded.fire(
      `it used ${Math.round(residentMb)} MB, more than its limit of ${this.limitMb} MB`,
    );
  }
}
