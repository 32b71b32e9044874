import { Buffer } from 'node:buffer';
import { Emitter } from '../../server/shared/base/event.ts';
import { defaultLimits, type Limits } from '../../server/shared/protocol/limits.ts';
import {
  Connection,
  type ConnectionOptions,
  type LiveCounts,
  type UnseenFailure,
} from '../../server/shared/rpc/connection.ts';
import type { Stuck } from '../../server/shared/rpc/tracedCall.ts';
import type { Transport, TransportEnd } from '../../server/shared/rpc/transport.ts';
import { collectGarbage } from './garbage.ts';
import { manualPlatform } from './manualPlatform.ts';
import type { Remote } from './remote.ts';

const lengthBytes = 4;

/**
 * One end of a pipe without a process: what is sent arrives at the other end, a turn later. A frame
 * is spoiled once it was received, so that whoever holds on to its bytes is found out.
 */
export class LoopbackTransport implements Transport {
  private readonly frames = new Emitter<Uint8Array>();
  private readonly ends = new Emitter<TransportEnd>();
  readonly onFrame = this.frames.event;
  readonly onEnd = this.ends.event;
  /** Bodies of the frames that have left. */
  readonly sent: Buffer[] = [];
  other: LoopbackTransport | undefined;
  private isOpen = true;
  private held: (() => void)[] | undefined;

  send(frame: Uint8Array): ReturnType<Transport['send']> {
    if (!this.held) {
      this.leave(frame);
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.held.push(() => {
      this.leave(frame);
      resolve(true);
    });
    return promise;
  }

  /** From now on no frame leaves, as when the other side does not read. */
  hold(): void {
    this.held ??= [];
  }

  /** Lets the first frame leave, and none that comes because of that. */
  letOneGo(): void {
    this.held?.shift()?.();
  }

  letGo(): void {
    const { held } = this;
    this.held = undefined;
    for (const leave of held ?? []) leave();
  }

  /** Receives a frame's body, whoever has made it. */
  deliver(body: Uint8Array): void {
    if (!this.isOpen) return;
    const frame = Buffer.concat([Buffer.alloc(lengthBytes), body]).subarray(lengthBytes);
    this.frames.fire(frame);
    frame.fill(0xff);
  }

  end(end: TransportEnd): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.ends.fire(end);
  }

  dispose(): void {
    this.end({});
    setImmediate(() => this.other?.end({}));
  }

  private leave(frame: Uint8Array): void {
    const copy = Buffer.from(frame);
    if (copy.readUInt32LE() !== copy.length - lengthBytes) throw new Error('a length that lies');
    const body = copy.subarray(lengthBytes);
    this.sent.push(body);
    setImmediate(() => this.other?.deliver(body));
  }
}

export interface LoopbackOptions {
  readonly limits?: Partial<Limits>;
  readonly graceMs?: number;
  /** What only one of the two has. */
  readonly host?: Partial<ConnectionOptions>;
  readonly worker?: Partial<ConnectionOptions>;
}

/** A host and a worker joined without a process, on a clock of the test's. */
export class Loopback<T extends object> implements Disposable {
  readonly platform = manualPlatform();
  readonly hostPipe = new LoopbackTransport();
  readonly workerPipe = new LoopbackTransport();
  readonly host: Connection;
  readonly worker: Connection;
  /** What the host sees of the worker's first object. */
  readonly api: Remote<T>;
  /** How often each side has ended, and why. */
  readonly ends: { host: TransportEnd[]; worker: TransportEnd[] } = { host: [], worker: [] };
  readonly stuck: Stuck[] = [];
  readonly unseen: UnseenFailure[] = [];

  constructor(root: T, { limits, graceMs = 100, host, worker }: LoopbackOptions = {}) {
    this.hostPipe.other = this.workerPipe;
    this.workerPipe.other = this.hostPipe;
    const { platform } = this;
    const common = { platform, graceMs, limits: { ...defaultLimits, ...limits } };
    this.host = new Connection(this.hostPipe, { ...common, role: 'host', ...host });
    this.worker = new Connection(this.workerPipe, { ...common, role: 'worker', root, ...worker });
    this.api = this.host.root as Remote<T>;
    this.host.onEnd(end => this.ends.host.push(end));
    this.worker.onEnd(end => this.ends.worker.push(end));
    this.host.onStuck(how => this.stuck.push(how));
    this.host.onUnseenFailure(failure => {
      // An error holds everything on its stack until someone looks at that.
      void (failure.error as Error | undefined)?.stack;
      this.unseen.push(failure);
    });
  }

  /** What each side holds for the other and of it. */
  get live(): { host: LiveCounts; worker: LiveCounts } {
    return { host: this.host.live, worker: this.worker.live };
  }

  /** Waits until nothing is under way, and tells what is left. */
  async idle(): Promise<{ host: LiveCounts; worker: LiveCounts }> {
    const { hostPipe, workerPipe } = this;
    for (let calm = 0; calm < 4; calm++) {
      const frames = hostPipe.sent.length + workerPipe.sent.length;
      await new Promise(setImmediate);
      if (hostPipe.sent.length + workerPipe.sent.length > frames) calm = 0;
    }
    return this.live;
  }

  /** The same, after what nobody can reach any more has been collected. */
  async collected(): Promise<{ host: LiveCounts; worker: LiveCounts }> {
    for (let left = 20; left > 0 && !isBare(await this.idle()); left--) collectGarbage();
    return this.live;
  }

  [Symbol.dispose](): void {
    this.host.dispose();
    this.worker.dispose();
  }
}

/** Waits until what was said in this turn has left; nothing has come then. */
export function endOfTurn(): Promise<void> {
  return new Promise(resolve => process.nextTick(resolve));
}

export const noneLive: LiveCounts = {
  calls: 0,
  results: 0,
  remotes: 0,
  served: 0,
  kept: 0,
  objects: 0,
};

/** Both sides as they were before the first call. */
export const nothingLive = { host: noneLive, worker: noneLive };

function isBare(live: { host: LiveCounts; worker: LiveCounts }): boolean {
  return [live.host, live.worker].every(side => Object.values(side).every(count => count === 0));
}
