import type { DisposableLike } from '../base/disposable.ts';
import type { Platform } from '../base/platform.ts';
import type { WireError } from '../errors.ts';
import { toWireError } from '../toldErrors.ts';
import { parseHello, parseWelcome, type Hello, type Welcome } from '../protocol/hello.ts';
import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import { parseWireError } from '../protocol/wireError.ts';
import { CallFlag, Op, sentAhead } from '../protocol/wire.ts';
import type { ServedTimes } from './callOptions.ts';
import { bothWays, CallReader } from './callReader.ts';
import type { Exports } from './exports.ts';
import type { IncomingCall } from './incomingCall.ts';
import type { Imports } from './imports.ts';
import type { Fill, KeptResults } from './keptResults.ts';
import { ByteReader } from './values/byteReader.ts';
import { HeldPieces, type PieceBudget } from './values/pieces.ts';
import type { BytesRoad } from './values/segments.ts';
import { ValueReader } from './values/valueReader.ts';

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: WireError };

/** Takes every message that a frame holds, in order. */
export interface MessageHandler {
  /** Nothing more is heard, not even the rest of a frame. */
  readonly isClosed: boolean;
  hello(hello: Hello): void;
  welcome(welcome: Welcome): void;
  call(call: IncomingCall): void;
  pull(id: number): void;
  cancel(id: number): void;
  started(id: number, times: Pick<ServedTimes, 'receivedMs' | 'startedMs'>): void;
  cancelling(id: number): void;
  /** `fill` is there when parts of the value are still to come. */
  result(id: number, value: unknown, times?: ServedTimes, fill?: Fill): void;
  /** The message holds something that cannot be used, although it is well-formed. */
  unusable(id: number, failure: unknown, times?: ServedTimes): void;
  done(id: number, times?: ServedTimes): void;
  error(id: number, error: WireError, times?: ServedTimes): void;
  drop(id: number): void;
  release(number: number, times: number): void;
  freeSegment(segment: number): void;
  bye(): void;
}

export interface MessageReaderParts {
  readonly platform: Pick<Platform, 'text' | 'createCancelSource'>;
  readonly limits: Limits;
  readonly exports: Exports;
  readonly imports: Imports;
  readonly kept: KeptResults;
  /** Whether the other side is not trusted. */
  readonly isWary: boolean;
  readonly road: Pick<BytesRoad, 'take'>;
  readonly budget: PieceBudget;
}

/** Parses frames into messages. Throws `protocol.violation`; nothing behind it needs to check again. */
export class MessageReader implements DisposableLike {
  private readonly input: ByteReader;
  private readonly pieces: HeldPieces;
  private readonly values: ValueReader;
  private readonly calls: CallReader;
  /** Bytes of the message that is being read which are not in it. */
  besideBytes = 0;

  constructor(private readonly parts: MessageReaderParts) {
    const { platform, limits, exports, imports, road, budget } = parts;
    this.input = new ByteReader(platform.text);
    this.pieces = new HeldPieces(budget);
    const references = {
      theirs: (word: number) => {
        if (word < 2) throw violation('an object without a number');
        return imports.receive(Math.floor(word / 2), word % 2 === 1);
      },
      ours: (number: number) => exports.get(number),
      result: (call: number) => this.calls.result(call),
      signal: () => this.calls.signal(),
    };
    const take = (segment: number, length: number) => {
      this.besideBytes += length;
      if (this.besideBytes > limits.maxAheadBytes) throw violation('a message has too many bytes');
      return segment === sentAhead ? this.pieces.take(length) : road.take(segment, length);
    };
    this.values = new ValueReader(this.input, limits, references, { take });
    this.calls = new CallReader(this.input, this.values, parts);
  }

  read(frame: Uint8Array, handler: MessageHandler): void {
    const { input } = this;
    input.open(frame);
    try {
      while (input.left > 0 && !handler.isClosed) {
        if (input.skipIf(Op.piece)) {
          this.piece();
        } else {
          this.message(handler);
          this.pieces.assertTaken();
        }
      }
    } finally {
      input.close();
      this.values.forget();
    }
  }

  /** Whether a frame holds a piece, whose bytes are kept then for the message that is to come. */
  takePiece(frame: Uint8Array): boolean {
    if (frame[0] !== Op.piece) return false;
    this.only(frame, () => this.piece());
    return true;
  }

  /** Forgets what came ahead of a message that will not come any more. */
  dispose(): void {
    this.pieces.clear();
  }

  /** Reads a frame that holds one call, which its caller waits for. */
  readSyncCall(frame: Uint8Array): IncomingCall {
    return this.only(frame, op => {
      if (op !== Op.call) throw violation('only calls are made on this channel');
      const call = this.calls.read(op);
      this.pieces.assertTaken();
      if ((call.flags & ~bothWays) !== (CallFlag.want | CallFlag.synchronous)) {
        throw violation('only calls that are waited for are made on this channel');
      }
      return call;
    });
  }

  /** Reads a frame that holds one answer. */
  readAnswer(frame: Uint8Array): Answer {
    return this.only(frame, op => {
      const { input, values } = this;
      const id = input.count();
      if (op === Op.result) {
        const value = values.read();
        this.pieces.assertTaken();
        if (values.failure !== undefined) return { id, error: toWireError(values.failure) };
        return { id, value };
      }
      if (op !== Op.error || input.boolean()) throw violation('this is no answer');
      const error = parseWireError(values.read());
      this.pieces.assertTaken();
      return { id, error };
    });
  }

  private only<T>(frame: Uint8Array, read: (op: Op) => T): T {
    const { input } = this;
    this.calls.isOrdered = false;
    this.besideBytes = 0;
    input.open(frame);
    try {
      this.values.begin();
      const message = read(input.byte());
      if (input.left > 0) throw violation('a frame holds more than one message');
      return message;
    } finally {
      this.calls.isOrdered = true;
      input.close();
      this.values.forget();
    }
  }

  private piece(): void {
    this.pieces.add(this.input.raw(this.input.countOf(1)));
  }

  private message(handler: MessageHandler): void {
    const { input, values } = this;
    const { left } = input;
    const op = input.byte() as Op;
    values.begin();
    this.besideBytes = 0;
    switch (op) {
      case Op.call:
      case Op.batch:
      case Op.get:
      case Op.set: {
        const call = this.asynchronous(this.calls.read(op));
        call.bytes = left - input.left + this.besideBytes;
        return handler.call(call);
      }
      case Op.result:
      case Op.timedResult: {
        const id = input.count();
        const times = op === Op.timedResult ? this.times() : undefined;
        const value = values.read();
        if (values.failure !== undefined) return handler.unusable(id, values.failure, times);
        return handler.result(id, value, times, this.fill());
      }
      case Op.done:
        return handler.done(input.count());
      case Op.timedDone:
        return handler.done(input.count(), this.times());
      case Op.error: {
        const id = input.count();
        const times = input.boolean() ? this.times() : undefined;
        return handler.error(id, parseWireError(values.read()), times);
      }
      case Op.pull:
        return handler.pull(input.count());
      case Op.cancel:
        return handler.cancel(input.count());
      case Op.cancelling:
        return handler.cancelling(input.count());
      case Op.started: {
        const id = input.count();
        return handler.started(id, { receivedMs: this.time(), startedMs: this.time() });
      }
      case Op.drop:
        return handler.drop(input.count());
      case Op.release:
        return handler.release(input.count(), input.count());
      case Op.freeSegment:
        return handler.freeSegment(input.count());
      case Op.hello:
        return handler.hello(parseHello(values.read()));
      case Op.welcome:
        return handler.welcome(parseWelcome(values.read()));
      case Op.bye:
        return handler.bye();
      default:
        throw violation(`a message of the unknown kind ${String(op)}`);
    }
  }

  private asynchronous(call: IncomingCall): IncomingCall {
    if (!call.isSynchronous) return call;
    throw violation('a call that is waited for came by the channel of those that are not');
  }

  /** Waits for those results in a message that are still to come, if there are any. */
  private fill(): Fill | undefined {
    if (this.values.later.length === 0) return undefined;
    const places = [...this.values.later];
    return goOn => this.parts.kept.fill(places, goOn);
  }

  private times(): ServedTimes {
    return { receivedMs: this.time(), startedMs: this.time(), finishedMs: this.time() };
  }

  private time(): number {
    const time = this.input.float64();
    if (!Number.isFinite(time)) throw violation('a time is not a number');
    return time;
  }
}
