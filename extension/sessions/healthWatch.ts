import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { Emitter } from '../../server/shared/base/event.ts';
import type { Clock } from '../../server/shared/base/platform.ts';
import { healthOf, type Health, type HealthLimits, type OpenCall } from './health.ts';

interface FollowedCall extends OpenCall {
  startedAtMs: number | undefined;
}

/** To be called at the turns in the life of a call. */
export interface FollowedCallMarks {
  readonly started: () => void;
  /** It has been answered, or was never sent. */
  readonly ended: () => void;
  /** Its caller waits no longer; it is not known what the worker does. */
  readonly givenUp: () => void;
}

/** Follows the calls of one session, and looks at them now and then as long as there are any. */
export class HealthWatch implements DisposableLike {
  private readonly calls = new Set<FollowedCall>();
  private readonly givenUp = new Set<FollowedCall>();
  private readonly slowEmitter = new Emitter<OpenCall>();
  private readonly stuckEmitter = new Emitter<void>();
  private readonly everyMs: number;
  private heardAtMs = -Infinity;
  private messagesSeen = 0;
  private nextLookAtMs = 0;
  private timer: DisposableLike | undefined;
  private last: Health = 'idle';

  /** A call has been running for long; once until the session is quick again. */
  readonly onSlow = this.slowEmitter.event;
  /** There is no sign of life. */
  readonly onStuck = this.stuckEmitter.event;

  constructor(
    private readonly limits: HealthLimits,
    private readonly clock: Clock,
    /** How often the worker has said anything at all. */
    private readonly messages: () => number,
    /** Whether the system has stopped the worker's process, which looks like a long calculation. */
    private readonly isStopped: () => Promise<boolean>,
  ) {
    this.everyMs = Math.min(limits.slowMs, limits.silenceMs) / 2;
  }

  sent(name: string): FollowedCallMarks {
    const call: FollowedCall = { name, sentAtMs: this.clock.now(), startedAtMs: undefined };
    this.calls.add(call);
    if (!this.timer) this.lookLater();
    return {
      started: () => (call.startedAtMs = this.clock.now()),
      ended: () => this.forget(call),
      givenUp: () => {
        // Before it began, that says nothing about the worker: the call stays under watch.
        if (call.startedAtMs === undefined && !this.hasSpoken()) this.givenUp.add(call);
        else this.forget(call);
      },
    };
  }

  dispose(): void {
    this.calls.clear();
    this.rest();
  }

  private forget(call: FollowedCall): void {
    this.calls.delete(call);
    if (this.calls.size === 0) this.rest();
  }

  /** Whether anything has come of the worker since the last look. */
  private hasSpoken(): boolean {
    return this.messages() !== this.messagesSeen;
  }

  private rest(): void {
    this.timer?.dispose();
    this.timer = undefined;
    this.last = 'idle';
  }

  private lookLater(): void {
    this.nextLookAtMs = this.clock.now() + this.everyMs;
    this.timer = this.clock.after(this.everyMs, () => this.look());
  }

  private look(): void {
    const nowMs = this.clock.now();
    // A look that comes late was held up by this process: what was said may just not be read yet.
    const isLate = nowMs - this.nextLookAtMs > this.everyMs;
    if (isLate || this.hasSpoken()) this.heard(nowMs);
    if (this.calls.size === 0) return this.rest();
    const health = healthOf(this.calls, this.heardAtMs, nowMs, this.limits);
    const isNew = health !== this.last;
    this.last = health;
    this.lookLater();
    if (health === 'slow') void this.lookCloser();
    if (!isNew) return;
    if (health === 'stuck') this.tellStuck();
    if (health === 'slow') this.slowEmitter.fire(this.oldest());
  }

  private async lookCloser(): Promise<void> {
    if ((await this.isStopped()) && this.timer) this.tellStuck();
  }

  private tellStuck(): void {
    this.dispose();
    this.stuckEmitter.fire();
  }

  private heard(nowMs: number): void {
    this.heardAtMs = nowMs;
    this.messagesSeen = this.messages();
    for (const call of this.givenUp) this.calls.delete(call);
    this.givenUp.clear();
  }

  private oldest(): OpenCall {
    const started = [...this.calls].filter(call => call.startedAtMs !== undefined);
    return started.reduce((one, other) => (other.startedAtMs! < one.startedAtMs! ? other : one));
  }
}
