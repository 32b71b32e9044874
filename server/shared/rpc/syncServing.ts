import { ResourceScope, type DisposableLike } from '../base/disposable.ts';
import type { Platform } from '../base/platform.ts';
import { GreenroomError, isGreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import type { KeptResults } from './keptResults.ts';
import type { MessageReader } from './messageReader.ts';
import type { MessageWriter } from './messageWriter.ts';
import type { OutgoingCall } from './outgoingCall.ts';
import { quoted } from './port.ts';
import type { ReachOf } from './reach.ts';
import { Serving } from './serving.ts';
import { SyncWork, type WaitingCaller, type WorkScope } from './syncWork.ts';
import type { Transport } from './transport.ts';

export interface SyncServingParts {
  readonly platform: Platform;
  readonly messages: MessageWriter;
  readonly reader: MessageReader;
  readonly kept: KeptResults;
  readonly limits: Limits;
  readonly reachOf: ReachOf;
  /** The same for all connections of this process. */
  readonly scope: WorkScope<SyncWork>;
  /** Grows with whatever comes by the other channel. */
  readonly heard: () => number;
  /** The other side waits from now on. */
  readonly onBegun: () => void;
  /** For people: the calls that the other side has not answered. */
  readonly unanswered: () => readonly string[];
  /** How long a call may take before it is told that others wait. */
  readonly heldUpMs: number;
  readonly onHeldUp: (held: HeldUp) => void;
  readonly onViolation: (error: Error) => void;
}

/** A process waits for long, while several calls wait for it: if it waits for one of them, none ends. */
export interface HeldUp {
  readonly seconds: number;
  /** For people: what was called. */
  readonly calls: readonly string[];
}

/**
 * Milliseconds without input, after which there was none to read. It could be less; but what waits for ever
 * loses nothing, and what only leaves something to be done has time to return.
 */
const quietMs = 250;

/** Work for one that waits, which waits itself for a call to be answered. */
interface Wait {
  readonly work: SyncWork;
  readonly call: OutgoingCall;
}

/**
 * Serves calls of a process that waits for the answer and does nothing else meanwhile. This side goes
 * on as ever; only what serves such a call can neither call the process that waits for it nor wait for
 * what it has not answered.
 */
export class SyncServing implements DisposableLike, WaitingCaller {
  private readonly serving: Serving;
  private readonly owned = new ResourceScope();
  /** The call that is being run up to its first wait. */
  private beginning: number | undefined;
  private alarm: DisposableLike | undefined;
  private waits: readonly Wait[] = [];

  constructor(
    transport: Transport,
    private readonly parts: SyncServingParts,
  ) {
    const { platform, messages, kept, limits, reachOf } = parts;
    this.serving = new Serving({ platform, messages, kept, limits, reachOf });
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

  /** Why a call may not be made now: the other side waits for whoever makes it. */
  get deadlock(): Error | undefined {
    return this.current?.holdsUp(this) ? deadlock('call the session') : undefined;
  }

  get delayed(): readonly SyncWork[] {
    return this.waits.filter(isGoingOn).map(({ work }) => work);
  }

  /** The result of a call for whoever begins to wait for it now; a failure where that would be for ever. */
  waitFor(call: OutgoingCall): Promise<unknown> {
    const work = this.current;
    if (!work?.isUnderWay) return call.result();
    if (work.holdsUp(this)) return this.unlessHopeless(call, work);
    this.note({ call, work });
    return call.result();
  }

  /** Whether the other side waits. */
  get isBusy(): boolean {
    return this.serving.size > 0;
  }

  isServing(call: number): boolean {
    return call === this.beginning || this.serving.has(call);
  }

  dispose(): void {
    this.alarm?.dispose();
    this.serving.cancelAll();
    this.owned.dispose();
  }

  /** What is being done now is part of this. */
  private get current(): SyncWork | undefined {
    return this.parts.scope.current();
  }

  /**
   * The other side answers nothing while it waits, but what it has said before may be unread: it went by
   * the other channel. When nothing comes any more, this has been read, and what is unanswered stays so.
   */
  private async unlessHopeless(call: OutgoingCall, work: SyncWork): Promise<unknown> {
    const { heard } = this.parts;
    const result = call.result();
    result.catch(() => undefined); // whoever waits hears of it
    for (let before: number | undefined; heard() !== before;) {
      before = heard();
      await Promise.race([result.catch(() => undefined), this.pause()]);
      if (call.isThere || !work.holdsUp(this)) {
        this.note({ call, work });
        return result;
      }
    }
    throw deadlock(`wait for ${quoted(call.name)}, which the session has not answered`);
  }

  private pause(): Promise<void> {
    return new Promise(resolve => void this.parts.platform.clock.after(quietMs, resolve));
  }

  private note(wait: Wait): void {
    this.waits = [...this.waits.filter(isGoingOn), wait];
  }

  private receive(frame: Uint8Array): void {
    const { reader } = this.parts;
    try {
      if (reader.takePiece(frame)) return;
      const call = reader.readSyncCall(frame);
      if (this.serving.size > 0) throw violation('a call came while its caller waits for another');
      this.serving.beginTurn();
      this.beginning = call.id;
      const work = new SyncWork(this, call.id);
      this.parts.scope.run(work, () => this.serving.accept(call));
      if (this.serving.size === 0) return;
      this.watch(work);
      this.parts.onBegun();
    } catch (error) {
      this.parts.onViolation(error as Error);
    } finally {
      this.beginning = undefined;
    }
  }

  /** Not every way to wait for the other side can be seen; when work takes long, people are told once. */
  private watch(work: SyncWork, looks = 1): void {
    const { platform, unanswered, heldUpMs, onHeldUp } = this.parts;
    this.alarm?.dispose();
    this.alarm = platform.clock.after(heldUpMs, () => {
      if (!work.isUnderWay) return;
      const calls = unanswered();
      // One may be the call that the other side is in the middle of.
      if (calls.length > 1) onHeldUp({ seconds: (looks * heldUpMs) / 1_000, calls });
      else this.watch(work, looks + 1);
    });
  }
}

function isGoingOn({ call, work }: Wait): boolean {
  return !call.isThere && work.isUnderWay;
}

function deadlock(what: string): GreenroomError {
  return new GreenroomError(
    'call.deadlock',
    `the session waits for this callback to return, so the callback cannot ${what}`,
  );
}
