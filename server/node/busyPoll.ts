import os from 'node:os';
import { nodePlatform } from './nodePlatform.ts';

/** Times in milliseconds. */
interface Patience {
  /** Waiting awake pays when the answer comes within this time. */
  readonly awakeMs: number;
  /** An answer that took no longer, asleep, would have come within that time to one who is awake. */
  readonly quickMs: number;
}

/** About what waking up costs. */
const usual: Patience = { awakeMs: 0.1, quickMs: 0.25 };

/**
 * Where large bytes are copied, a processor each has work to do. Measured: half a MiB there and back takes
 * 0.23 ms, and 0.43 when both sides fall asleep meanwhile.
 */
const whileCopying: Patience = { awakeMs: 0.35, quickMs: 0.6 };

/** A slow answer, or none, weighs as much as so many quick ones. */
const slowWeight = 16;
/** By so many quick answers more than this it stays awake; what was longer ago than this is forgotten. */
const balance = { needed: 2, least: -64, most: 64 };

/** What it needs of its surroundings; times in milliseconds, finer than one. */
export interface PollPlatform {
  now(): number;
  /** Runs `task` after whatever has arrived by then. */
  nextTurn(task: () => void): void;
  /** Whether another processor can prepare the answer meanwhile. */
  readonly isParallel: boolean;
}

const nodePoll: PollPlatform = {
  now: () => nodePlatform.clock.now(),
  nextTurn: task => nodePlatform.nextTurn(task),
  isParallel: os.availableParallelism() > 1,
};

/**
 * Adaptive busy polling, as hypervisors and network drivers do it. A process that sleeps until its answer
 * arrives pays for falling asleep and for waking up, which takes longer than a small call itself. So while
 * answers are quick, this side stays awake for a moment after it has sent something; everything else that
 * its event loop has to do goes on. Where they are slow it sleeps, as everybody does.
 */
export class BusyPoll {
  private sentMs: number | undefined;
  private balance = 0;
  private isAwake = false;
  private patience = usual;
  private next = usual;

  constructor(private readonly platform = nodePoll) {}

  /** Large bytes were written, which the other side has to copy: mostly they belong to what is sent next. */
  copied(): void {
    this.next = whileCopying;
  }

  /** Something was sent, to which an answer may come. */
  sent(): void {
    const { platform } = this;
    if (!platform.isParallel) return;
    // What is sent after large bytes is answered after them, as a rule.
    if (this.sentMs === undefined || this.next === whileCopying) this.patience = this.next;
    this.sentMs = platform.now();
    this.next = usual;
    if (this.isAwake || this.balance < balance.needed) return;
    this.isAwake = true;
    platform.nextTurn(this.look);
  }

  /** Something has arrived. */
  received(): void {
    if (this.sentMs === undefined) return;
    this.answered(this.platform.now() - this.sentMs <= this.patience.quickMs);
  }

  private readonly look = (): void => {
    const { sentMs, platform, patience } = this;
    const isInVain = sentMs !== undefined && platform.now() - sentMs > patience.awakeMs;
    if (sentMs !== undefined && !isInVain) return platform.nextTurn(this.look);
    this.isAwake = false;
    if (isInVain) this.answered(false);
  };

  private answered(isQuick: boolean): void {
    this.sentMs = undefined;
    const sum = this.balance + (isQuick ? 1 : -slowWeight);
    this.balance = Math.min(Math.max(sum, balance.least), balance.most);
  }
}
