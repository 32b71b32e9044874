import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import type { Event } from '../../server/shared/base/event.ts';
import type { SessionEvent } from '../../server/shared/protocol/events.ts';

const afterEventMs = 100;
const whileQuietMs = 2_000;

/**
 * Says when a panel that is on screen should be drawn anew: soon after something happened, many
 * things at once counting as one, and now and then while nothing does, for the memory figures and for
 * what happens too often.
 */
export class SnapshotFeed implements DisposableLike {
  private timer: NodeJS.Timeout | undefined;
  private dueAtMs = Infinity;
  private isLive = false;
  private readonly subscription: DisposableLike;

  constructor(
    onEvent: Event<SessionEvent>,
    private readonly draw: () => Promise<void>,
  ) {
    this.subscription = onEvent(event => {
      if (!isFrequent(event)) this.drawWithin(afterEventMs);
    });
  }

  /** Off while the panel is hidden: then nothing is measured and nothing is sent. */
  setLive(isLive: boolean): void {
    this.isLive = isLive;
    this.cancel();
    if (isLive) this.drawWithin(0);
  }

  dispose(): void {
    this.setLive(false);
    this.subscription.dispose();
  }

  private drawWithin(delayMs: number): void {
    if (!this.isLive || performance.now() + delayMs >= this.dueAtMs) return;
    this.cancel();
    this.dueAtMs = performance.now() + delayMs;
    this.timer = setTimeout(() => void this.drawNow(), delayMs);
  }

  private async drawNow(): Promise<void> {
    this.dueAtMs = Infinity;
    await this.draw();
    this.drawWithin(whileQuietMs);
  }

  private cancel(): void {
    clearTimeout(this.timer);
    this.dueAtMs = Infinity;
  }
}

/** With every key that is pressed, editors tell language servers many things that nobody waits for. */
function isFrequent(event: SessionEvent): boolean {
  return event.kind === 'called' && event.call.isNotification === true;
}
