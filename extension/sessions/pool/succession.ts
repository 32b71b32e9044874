import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import type { Platform } from '../../../server/shared/base/platform.ts';
import type { Losses } from './losses.ts';

/** When a lost session is followed by another: at once after the first loss, after a pause later on. */
export class Succession {
  private pause: DisposableLike | undefined;
  private pausing = Promise.withResolvers<void>();
  /** How often it was stopped; a start of a later turn must not outlive that. */
  private stops = 0;

  constructor(
    private readonly losses: Losses,
    private readonly platform: Pick<Platform, 'clock' | 'nextTurn'>,
    /** `detail` tells a person about the pause there was. */
    private readonly start: (detail?: string) => void,
  ) {}

  get isPausing(): boolean {
    return this.pause !== undefined;
  }

  /** Resolves when no pause runs any more. */
  async over(): Promise<void> {
    while (this.isPausing) await this.pausing.promise;
  }

  /** A session has been lost. */
  begin(): void {
    const pauseMs = this.losses.pauseMs();
    // In a later turn: the breaker has heard of the loss by then.
    if (pauseMs === 0) {
      const { stops } = this;
      return this.platform.nextTurn(() => {
        if (stops === this.stops) this.start();
      });
    }
    this.pause ??= this.platform.clock.after(pauseMs, () => {
      this.endPause();
      this.start(`after ${Math.round(pauseMs)} ms`);
    });
  }

  /** Nothing follows any more, or something has already. */
  stop(): void {
    this.stops++;
    this.pause?.dispose();
    this.endPause();
  }

  private endPause(): void {
    this.pause = undefined;
    this.pausing.resolve();
    this.pausing = Promise.withResolvers();
  }
}
