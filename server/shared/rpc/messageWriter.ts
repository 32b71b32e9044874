import type { CancelSignal, Platform } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { sentAhead, Tag } from '../protocol/wire.ts';
import type { Exports } from './exports.ts';
import { getHandle } from './handle.ts';
import { Member } from './member.ts';
import type { Outbox } from './outbox.ts';
import { CallState, OutgoingCall } from './outgoingCall.ts';
import type { Port } from './port.ts';
import { released, RemoteObject } from './remoteObject.ts';
import type { ByteWriter } from './values/byteWriter.ts';
import { assertNotTooMany, belongAhead, largeFromBytes, Pieces } from './values/pieces.ts';
import type { Passing, PassingPolicy } from './values/policy.ts';
import type { BytesRoad } from './values/segments.ts';
import { Unsendable } from './values/unsendable.ts';
import { ValueWriter, type WriteReference } from './values/valueWriter.ts';

/** Stands for a member whose value has not been asked for: the message is written again. */
const unread = Symbol('unread');

const none: readonly OutgoingCall[] = [];

/** Calls that ask for the values of members. */
export type Reads = ReadonlyMap<Member, OutgoingCall>;

export interface MessageWriterParts {
  readonly port: Port;
  readonly outbox: Outbox;
  readonly exports: Exports;
  readonly road: Pick<BytesRoad, 'put' | 'free'>;
  readonly limits: Limits;
  readonly policy: PassingPolicy;
  readonly platform: Pick<Platform, 'allocate' | 'text' | 'isCancelSignal'>;
}

/** A message that waits. */
export interface TakenOut {
  readonly bytes: Uint8Array;
  /** What goes ahead of it. */
  readonly ahead: Pieces | undefined;
  /** Calls whose results it uses. */
  readonly used: readonly OutgoingCall[];
}

/** Writes messages whole or not at all: what a message that failed has taken is given back. */
export class MessageWriter {
  readonly outbox: Outbox;
  readonly values: ValueWriter;
  /** Whether the other side has heard of every call that was made before. */
  isOrdered = true;
  /** The signal among the arguments of the call that is being written. */
  signal: CancelSignal | undefined;
  /** What the members among the arguments of that call will bring; absent where none can be. */
  private reads: Reads | undefined;
  /** Members for which that has nothing; something stands in their places. */
  readonly unread = new Set<Member>();
  /** Calls whose results the message uses. */
  readonly used = new Set<OutgoingCall>();
  /** Those of them whose results are on their way here; something stands in their places. */
  readonly onTheirWay = new Set<OutgoingCall>();
  private readonly segments: number[] = [];
  /** Numbers of the objects that it sends. */
  private readonly exported: number[] = [];
  /** What goes ahead of the message that is being written. */
  private ahead: Pieces | undefined;
  private place = 0;
  /** Bytes of the large binary values in that message, whatever road they take. */
  private largeBytes = 0;
  /** Those of them that are not in the message itself. */
  besideBytes = 0;

  constructor(private readonly parts: MessageWriterParts) {
    const { outbox, limits, policy, platform } = parts;
    const road = { put: (bytes: Uint8Array) => this.put(bytes) };
    const reference: WriteReference = (value, _out, depth) => this.reference(value, depth);
    this.outbox = outbox;
    const isSignal = (value: object) => platform.isCancelSignal(value);
    this.values = new ValueWriter(outbox.out, limits, reference, road, policy, isSignal);
  }

  get out(): ByteWriter {
    return this.outbox.out;
  }

  begin(passing?: Passing, reads?: Reads): number {
    const place = this.outbox.begin();
    if (this.segments.length > 0) this.segments.length = 0;
    if (this.exported.length > 0) this.exported.length = 0;
    this.place = place;
    this.largeBytes = this.besideBytes = 0;
    this.reads = reads;
    this.values.begin(passing);
    return place;
  }

  /** As {@link Outbox.end}. When it throws, {@link undo} is still to be called. */
  end(place: number): number {
    const used = this.forget();
    const { ahead } = this;
    this.ahead = undefined;
    const moved = this.outbox.end(place, ahead);
    for (const call of used) call.passOn();
    return moved;
  }

  undo(place: number): void {
    this.forget();
    this.outbox.undo(place);
    const { exports, road } = this.parts;
    for (const number of this.exported) exports.takeBack(number);
    for (const segment of this.segments) road.free(segment);
    this.segments.length = this.exported.length = 0;
    this.ahead = undefined;
  }

  /**
   * Takes a message that has been written out again, to be sent later, after what goes ahead of it; only
   * then {@link OutgoingCall.passOn} is to be called, for those that it uses. When it throws
   * `frame.tooLarge`, {@link undo} is still to be called.
   */
  takeOut(place: number): TakenOut {
    const used = this.forget();
    this.outbox.assertFits(place);
    const bytes = new Uint8Array(this.out.bytes.subarray(place, this.out.length));
    const { ahead } = this;
    this.ahead = undefined;
    this.outbox.undo(place);
    return { bytes, ahead, used };
  }

  /** How much of all that a message may hold is in the one that began at `place`: from 0 on, 1 when it is full. */
  shareOf(place: number): number {
    const { maxFrameBytes, maxAheadBytes, maxWeight } = this.parts.limits;
    return Math.max(
      (this.out.length - place) / maxFrameBytes,
      this.besideBytes / maxAheadBytes,
      this.values.weight / maxWeight,
    );
  }

  /** A message that is nothing but its kind and some numbers. */
  numbers(op: number, ...numbers: readonly number[]): void {
    const place = this.outbox.begin();
    this.writeNumbers(op, numbers);
    this.outbox.end(place);
  }

  /** The same, into a message that has been begun. */
  writeNumbers(op: number, numbers: readonly number[]): void {
    this.out.byte(op);
    for (const number of numbers) this.out.count(number);
  }

  /** What stands for the result of a call that has none yet. */
  numberOf(call: OutgoingCall): number {
    this.used.add(call);
    // Unlike calls, answers do not wait behind what is still to be sent.
    const isUnheardOf = call.isWaiting && !this.reads;
    if (!call.use() || isUnheardOf) this.onTheirWay.add(call);
    return call.id;
  }

  /** Keeps nothing of the last message alive. Answers which calls it used. */
  private forget(): readonly OutgoingCall[] {
    this.values.forget();
    this.signal = undefined;
    this.reads = undefined;
    const used = this.used.size > 0 ? [...this.used] : none;
    if (used !== none) this.used.clear();
    if (this.onTheirWay.size > 0) this.onTheirWay.clear();
    if (this.unread.size > 0) this.unread.clear();
    return used;
  }

  /** Large bytes go by shared memory, or else ahead of the message if they would make it long. */
  private put(bytes: Uint8Array): number | undefined {
    const { road, limits, platform } = this.parts;
    if (bytes.length >= largeFromBytes) {
      this.largeBytes += bytes.length;
      assertNotTooMany(this.largeBytes, limits);
    }
    const segment = road.put(bytes);
    if (segment !== undefined) this.segments.push(segment);
    else if (belongAhead(bytes.length, this.out.length - this.place, limits)) {
      this.ahead ??= new Pieces(platform, limits);
      this.ahead.add(bytes);
    } else return undefined;
    this.besideBytes += bytes.length;
    return segment ?? sentAhead;
  }

  private reference(value: object, depth: number): void {
    const { out } = this;
    const { port, exports } = this.parts;
    const known = getHandle(value);
    const handle = known instanceof Member ? this.readOf(known) : known;
    if (handle === unread) return out.byte(Tag.undefined);
    if (handle instanceof RemoteObject) {
      if (handle.port !== port) throw foreign();
      if (handle.isReleased) throw released(Unsendable);
      out.byte(Tag.yours);
      out.count(handle.number);
    } else if (handle instanceof OutgoingCall) {
      if (handle.port !== port) throw foreign();
      if (handle.isGivenBack) throw released(Unsendable);
      if (handle.state === CallState.succeeded) return this.values.write(handle.value, depth);
      if (handle.state === CallState.failed) throw handle.tellFailure();
      if (!this.isOrdered) throw notThere(Unsendable);
      out.byte(Tag.result);
      out.count(this.numberOf(handle));
    } else if (this.parts.platform.isCancelSignal(value)) {
      if (!this.reads || !this.isOrdered) throw blocked();
      if (this.signal && this.signal !== value) throw severalSignals(Unsendable);
      this.signal = value;
      out.byte(Tag.signal);
    } else {
      const number = exports.add(value);
      this.exported.push(number);
      out.byte(Tag.mine);
      out.count(number * 2 + (typeof value === 'function' ? 1 : 0));
    }
  }

  private readOf(member: Member): OutgoingCall | typeof unread {
    if (member.port !== this.parts.port) throw foreign();
    if (!this.reads || !this.isOrdered) throw notRead();
    const read = this.reads.get(member);
    if (!read) this.unread.add(member);
    return read ?? unread;
  }
}

export function severalSignals(Kind = GreenroomError): GreenroomError {
  return new Kind('value.unserializable', 'a call has one signal; two were passed');
}

function blocked(): Unsendable {
  const message = 'a signal can only be an argument, of a call that does not block';
  return new Unsendable('value.unserializable', message);
}

function foreign(): Unsendable {
  return new Unsendable(
    'reference.foreign',
    'the remote object belongs to another session; await its value, and pass that',
  );
}

function notRead(): Unsendable {
  return new Unsendable(
    'value.unserializable',
    'a member of a remote object can be passed to a call, but not answered with, nor to a call that blocks; await it first',
  );
}

/** The channels are not ordered among each other: the call that brings it may come later. */
export function notThere(Kind = GreenroomError): GreenroomError {
  return new Kind(
    'value.unserializable',
    'a synchronous call cannot use a result that is not there; await it first',
  );
}
