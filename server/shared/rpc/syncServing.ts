import { ResourceScope, type DisposableLike } from '../base/disposable.ts';
import type { Platform } from '../base/platform.ts';
import { GreenroomError, isGreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import type { KeptResults } from './keptResults.ts';
import type { MessageReader } from './messageReader.ts';
import type { MessageWriter } from './messageWriter.ts';
import { Serving } from './serving.ts';
import type { Transport } from './transport.ts';

/** Follows work through its waits, so that what it does can be told from what others do. */
export interface WorkScope<T> {
  /** Starts work that everything it does can be traced back to by `origin`. */
  run(origin: T, work: () => void): void;
  /** The origin of what is being done now, if it was started with {@link run}. */
  current(): T | undefined;
}

/** A call that is being served while its caller waits. */
export class SyncWork {
  constructor(
    private readonly serving: SyncServing,
    private readonly call: number,
    /** Work that waits for calls to this caller, which waits itself. */
    private readonly delayed: () => readonly SyncWork[],
  ) {}

  /** Whether the caller behind `serving` waits for this, or for what this keeps from ending. */
  holdsUp(serving: SyncServing, seen = new Set<SyncWork>()): boolean {
    if (!this.serving.isServing(this.call) || seen.has(this)) return false;
    seen.add(this);
    return this.serving === serving || this.delayed().some(work => work.holdsUp(serving, seen));
  }
}

export interface SyncServingParts {
  readonly platform: Platform;
  readonly messages: MessageWriter;
  readonly reader: MessageReader;
  readonly kept: KeptResults;
  readonly limits: Limits;
  /** The same for all connections of this process. */
  readonly scope: WorkScope<SyncWork>;
  /** What the calls under way to the other side are made for. */
  readonly delayed: () => readonly SyncWork[];
  readonly onViolation: (error: Error) => void;
}

/**
 * Serves calls of a process that waits for the answer and does nothing else meanwhile. This side goes
 * on as ever; only what serves such a call cannot call the process that waits for it.
 */
export class SyncServing implements DisposableLike {
  private readonly serving: Serving;
  private readonly owned = new ResourceScope();
  /** The call that is being run up to its first wait. */
  private beginning: number | undefined;

  constructor(
    transport: Transport,
    private readonly parts: SyncServingParts,
  ) {
    const { platform, messages, kept, limits } = parts;
    this.serving = new Serving(platform, messages, kept, limits);
    this.owned.own(transport);
    this.owned.own(transport.onFrame(frame => this.receive(frame)));
    // When it closes by itself, so does the other channel, which everyone hears of.
    this.owned.own(
      transport.onEnd(({ error }) => {
        if (isGreenroomError(error, 'protocol.violation')) parts.onViolation(error);
      }),
    );
    messages.isOrdered = false;
  }

  /** What is being done now is part of this. */
  get current(): SyncWork | undefined {
    return this.parts.scope.current();
  }

  /** Why a call may not be made now: the other side waits for whoever makes it. */
  get deadlock(): Error | undefined {
    if (!this.current?.holdsUp(this)) return undefined;
    return new GreenroomError(
      'call.deadlock',
      'the session waits for this callback to return, so the callback cannot call the session',
    );
  }

  isServing(call: number): boolean {
    return call === this.beginning || this.serving.has(call);
  }

  dispose(): void {
    this.serving.cancelAll();
    this.owned.dispose();
  }

  private receive(frame: Uint8Array): void {
    try {
      const call = this.parts.reader.readSyncCall(frame);
      if (this.serving.size > 0) throw violation('a call came while its caller waits for another');
      this.serving.beginTurn();
      this.beginning = call.id;
      const work = new SyncWork(this, call.id, this.parts.delayed);
      this.parts.scope.run(work, () => this.serving.accept(call));
    } catch (error) {
      this.parts.onViolation(error as Error);
    } finally {
      this.beginning = undefined;
    }
  }
}
