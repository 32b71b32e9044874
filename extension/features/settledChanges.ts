import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import type { Clock } from '../../server/shared/base/platform.ts';

/** Package managers, checkouts and generators write many files at once; their changes count as one. */
const settleMs = 500;
/** What never settles is told all the same, so often at most. */
const longestMs = 10_000;

/** Collects files that change, and tells of them when no more have changed for a while. */
export class SettledChanges implements DisposableLike {
  private readonly changed = new Set<string>();
  private timer: DisposableLike | undefined;
  private firstAtMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly onSettled: (files: readonly string[]) => void,
  ) {}

  note(file: string): void {
    const now = this.clock.now();
    if (this.changed.size === 0) this.firstAtMs = now;
    this.changed.add(file);
    this.timer?.dispose();
    const leftMs = Math.max(0, this.firstAtMs + longestMs - now);
    this.timer = this.clock.after(Math.min(settleMs, leftMs), () => this.tell());
  }

  dispose(): void {
    this.timer?.dispose();
  }

  private tell(): void {
    const files = [...this.changed];
    this.changed.clear();
    this.onSettled(files);
  }
}
