import os from 'node:os';

/** Waiting awake pays when the answer comes within this time, which is about what waking up costs. */
const awakeMs = 0.1;
/** An answer that took no longer, asleep, would have come within {@link awakeMs} to one who is awake. */
const quickMs = 0.25;
/** So many quick answers in a row begin it; after each wait in vain, twice as many, up to the last. */
const neededQuick = { first: 2, most: 1_024 };

/** What it needs of its surroundings; times in milliseconds, finer than one. */
export interface PollPlatform {
  now(): number;
  /** Runs `task` after whatever has arrived by then. */
  nextTurn(task: () => void): void;
  /** Whether another processor can prepare the answer meanwhile. */
  readonly isParallel: boolean;
}

const nodePoll: PollPlatform = {
  now: () => performance.now(),
  nextTurn: task => void setImmediate(task),
  isParallel: os.availableParallelism() > 1,
};

/**
 * Adaptive busy polling, as hypervisors and network drivers do it. A process that sleeps until its answer
 * arrives pays for falling asleep and for waking up, which takes longer than a small call itself. So after
 * a few quick answers this side stays awake for a moment after it has sent something; everything else that
 * its event loop has to do goes on. Where the answers are slow it sleeps, as everybody does.
 */
export class BusyPoll {
  private sentMs: number | undefined;
  private quickAnswers = 0;
  private needed = neededQuick.first;
  private isAwake = false;

  constructor(private readonly platform = nodePoll) {}

  /** Something was sent, to which an answer may come. */
  sent(): void {
    const { platform } = this;
    if (!platform.isParallel) return;
    this.sentMs = platform.now();
    if (this.isAwake || this.quickAnswers < this.needed) return;
    this.isAwake = true;
    platform.nextTurn(this.look);
  }

  /** Something has arrived. */
  received(): void {
    if (this.sentMs === undefined) return;
    const isQuick = this.platform.now() - this.sentMs <= quickMs;
    this.sentMs = undefined;
    this.quickAnswers = isQuick ? this.quickAnswers + 1 : 0;
    if (isQuick && this.isAwake) this.needed = Math.max(this.needed >> 1, neededQuick.first);
  }

  private readonly look = (): void => {
    const { sentMs, platform } = this;
    const isInVain = sentMs !== undefined && platform.now() - sentMs > awakeMs;
    if (sentMs !== undefined && !isInVain) return platform.nextTurn(this.look);
    this.isAwake = false;
    if (!isInVain) return;
    this.quickAnswers = 0;
    this.needed = Math.min(this.needed * 2, neededQuick.most);
  };
}
