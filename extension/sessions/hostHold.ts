import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import type { Clock } from '../../server/shared/base/platform.ts';

/** What keeps this program running, or does not. */
export interface Holder {
  ref(): void;
  unref(): void;
}

/** Between two calls it would not be worth it. */
const pauseMs = 20;

/**
 * Has a session keep this program running only while somebody waits for it. It holds from the start,
 * and lets go when it was not needed for a moment.
 */
export class HostHold {
  private isNeeded = true;
  private isHeld = true;
  private letGo: DisposableLike | undefined;

  constructor(
    private readonly holder: Holder,
    private readonly clock: Clock,
  ) {}

  setNeeded(isNeeded: boolean): void {
    this.isNeeded = isNeeded;
    if (!isNeeded) this.letGo ??= this.clock.after(pauseMs, this.tryToLetGo);
    else if (!this.isHeld) this.hold();
  }

  /** Its end will be waited for, however long it is not needed. */
  holdForGood(): void {
    this.letGo?.dispose();
    this.letGo = noTimer;
    if (!this.isHeld) this.hold();
  }

  private hold(): void {
    this.isHeld = true;
    this.holder.ref();
  }

  private readonly tryToLetGo = () => {
    this.letGo = undefined;
    if (this.isNeeded) return;
    this.isHeld = false;
    this.holder.unref();
  };
}

const noTimer: DisposableLike = { dispose: () => undefined };
