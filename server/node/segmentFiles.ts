import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { violation } from '../shared/protocol/violation.ts';
import { largeFromBytes } from '../shared/rpc/values/pieces.ts';
import type { BytesRoad } from '../shared/rpc/values/segments.ts';
import type { DisposableLike } from '../shared/base/disposable.ts';
import type { BusyPoll } from './busyPoll.ts';
import { YoungMemory } from './youngMemory.ts';

/** Which side of a session writes a segment; the first letter of its file's name. */
export type SegmentSide = 'host' | 'worker';

export interface SegmentLimits {
  /** Fewer bytes than this travel in the message: measured, the pipe is as fast up to here. */
  readonly fromBytes: number;
  /** All segments of one side together. */
  readonly maxBytes: number;
  /** Free segments that are kept to be used again, together. */
  readonly maxFreeBytes: number;
}

export const defaultSegmentLimits: SegmentLimits = Object.freeze({
  fromBytes: largeFromBytes,
  maxBytes: 512 * 1024 * 1024,
  maxFreeBytes: 64 * 1024 * 1024,
});

interface Segment {
  readonly number: number;
  readonly descriptor: number;
  readonly capacity: number;
  isFree: boolean;
}

/**
 * Shared memory between two processes without native code: files on a tmpfs, written and read by
 * position. Each side writes its own files and reads those of the other; a file whose bytes have been
 * taken is written again. The folder's owner removes it, with all that is left in it.
 */
export class SegmentFiles implements BytesRoad, DisposableLike {
  private readonly own = new Map<number, Segment>();
  /** Descriptors of the other side's segments. */
  private readonly others = new Map<number, number>();
  private readonly memory = new YoungMemory();
  private ownBytes = 0;
  private freeBytes = 0;
  private nextNumber = 1;

  constructor(
    private folder: string | undefined,
    private readonly side: SegmentSide,
    private readonly limits: SegmentLimits = defaultSegmentLimits,
    /** Waits for answers, for longer where the other side has bytes to copy. */
    private readonly poll?: Pick<BusyPoll, 'copied'>,
  ) {}

  /** From now on large bytes go by this folder. */
  open(folder: string): void {
    this.folder = folder;
  }

  put(bytes: Uint8Array): number | undefined {
    if (bytes.length < this.limits.fromBytes || this.folder === undefined) return undefined;
    const segment = this.findFree(bytes.length) ?? this.create(bytes.length);
    if (!segment) return undefined;
    try {
      writeWhole(segment.descriptor, bytes);
    } catch {
      // The memory is full. There is the other road.
      this.remove(segment);
      return undefined;
    }
    if (segment.isFree) this.freeBytes -= segment.capacity;
    segment.isFree = false;
    this.poll?.copied();
    return segment.number;
  }

  take(number: number, length: number): Uint8Array<ArrayBuffer> {
    if (length > this.limits.maxBytes) throw violation('a segment is too large');
    const descriptor = this.others.get(number) ?? this.openOther(number);
    const bytes = this.memory.allocate(length);
    const read = fs.readSync(descriptor, bytes, 0, length, 0);
    if (read !== length) throw violation(`segment ${number} has ${read} bytes, not ${length}`);
    return bytes;
  }

  free(number: number): void {
    const segment = this.own.get(number);
    if (!segment || segment.isFree) throw violation(`segment ${number} is not in use`);
    segment.isFree = true;
    this.freeBytes += segment.capacity;
    if (this.freeBytes > this.limits.maxFreeBytes) this.remove(segment);
  }

  dispose(): void {
    for (const segment of [...this.own.values()]) this.remove(segment);
    this.folder = undefined;
    for (const descriptor of this.others.values()) fs.closeSync(descriptor);
    this.others.clear();
  }

  private findFree(length: number): Segment | undefined {
    let best: Segment | undefined;
    for (const segment of this.own.values()) {
      const fits = segment.isFree && segment.capacity >= length;
      if (fits && (!best || segment.capacity < best.capacity)) best = segment;
    }
    return best;
  }

  private create(length: number): Segment | undefined {
    const capacity = capacityFor(length);
    this.makeRoom(capacity);
    if (this.ownBytes + capacity > this.limits.maxBytes) return undefined;
    const number = this.nextNumber++;
    try {
      const descriptor = fs.openSync(this.fileOf(this.side, number), 'wx+', 0o600);
      const segment = { number, descriptor, capacity, isFree: false };
      this.own.set(number, segment);
      this.ownBytes += capacity;
      return segment;
    } catch {
      return undefined; // no more descriptors, or the folder has gone: there is the other road
    }
  }

  /** What is kept to be used again gives way. */
  private makeRoom(capacity: number): void {
    const { maxBytes } = this.limits;
    if (this.ownBytes - this.freeBytes + capacity > maxBytes) return; // that would not do
    for (const segment of this.own.values()) {
      if (this.ownBytes + capacity <= maxBytes) break;
      if (segment.isFree) this.remove(segment);
    }
  }

  private remove(segment: Segment): void {
    this.own.delete(segment.number);
    this.ownBytes -= segment.capacity;
    if (segment.isFree) this.freeBytes -= segment.capacity;
    // The other side may have it open; its memory is given back all the same.
    attempt(() => fs.ftruncateSync(segment.descriptor));
    fs.closeSync(segment.descriptor);
    attempt(() => fs.unlinkSync(this.fileOf(this.side, segment.number)));
  }

  /** The other side is not trusted: what it put there must be a file, of the same user, and no link. */
  private openOther(number: number): number {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
    const other = this.side === 'host' ? 'worker' : 'host';
    let descriptor: number;
    try {
      descriptor = fs.openSync(this.fileOf(other, number), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (cause) {
      throw violation(`segment ${number} is not there`, { cause });
    }
    const stats = fs.fstatSync(descriptor);
    if (!stats.isFile() || stats.uid !== process.getuid?.() || stats.nlink > 1) {
      fs.closeSync(descriptor);
      throw violation(`segment ${number} is no file of this user`);
    }
    this.closeOldest();
    this.others.set(number, descriptor);
    return descriptor;
  }

  /** Numbers of segments only grow, so the oldest is the likeliest to have been removed. */
  private closeOldest(): void {
    if (this.others.size < maxOpen) return;
    const [oldest] = this.others;
    if (!oldest) return;
    fs.closeSync(oldest[1]);
    this.others.delete(oldest[0]);
  }

  private fileOf(side: SegmentSide, number: number): string {
    return path.join(this.folder ?? nowhere, `${side[0]}${number}`);
  }
}

/** The other side may have put something else there: the folder's owner removes what is left. */
function attempt(removal: () => void): void {
  try {
    removal();
  } catch {
    // It goes with the folder.
  }
}

/** A memory that is nearly full takes a part, and says only when it is asked once more that it is full. */
function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    at += fs.writeSync(descriptor, bytes, at, bytes.length - at, at);
  }
}

const mebibyte = 1024 * 1024;

/** Sizes that others have too, so that a segment serves again. */
function capacityFor(length: number): number {
  return length > mebibyte
    ? Math.ceil(length / mebibyte) * mebibyte
    : 2 ** Math.ceil(Math.log2(length));
}

const maxOpen = 32;

/** No file is there. */
const nowhere = '/dev/null';
