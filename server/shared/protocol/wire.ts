/**
 * The numbers of the wire. WIRE.md, beside this file, says what follows each of them, who may send it
 * and when.
 */
export const enum Op {
  hello = 1,
  welcome = 2,
  call = 3,
  batch = 4,
  get = 5,
  set = 6,
  pull = 7,
  cancel = 8,
  started = 9,
  cancelling = 10,
  result = 11,
  timedResult = 12,
  done = 13,
  error = 14,
  drop = 15,
  release = 16,
  freeSegment = 17,
  bye = 18,
  piece = 19,
  timedDone = 20,
}

/** A frame begins with its length, in so many bytes. */
export const lengthBytes = 4;

/** What a caller wants of its call; a call has at least one of the first two. */
export const enum CallFlag {
  /** Answer with the value. */
  want = 1,
  /** Keep the result under the call's id until it is dropped. */
  keep = 2,
  /** Start it in a turn of its own, say that it starts, and tell its times. */
  traced = 4,
  /** Construct, with the target as the class. */
  construct = 8,
  /** The result goes by value, or by reference, whatever the policies say. */
  byValue = 16,
  byReference = 32,
  /** The caller waits without serving anything; answered on the channel it came by. */
  synchronous = 64,
  /** Tell its times with the answer; it runs as any other. */
  timed = 128,
}

/** The first byte of a value. Bytes from 0x80 on are whole numbers, from -16 to 111. */
export const enum Tag {
  undefined = 0,
  null = 1,
  false = 2,
  true = 3,
  int32 = 4,
  float64 = 5,
  /** A whole number beyond 32 bits, as a float: other languages tell the two apart. */
  integer = 6,
  text = 7,
  bigint = 8,
  array = 9,
  /** In a list only: nothing is at this place. */
  gap = 10,
  /** A list of numbers, all of one {@link NumberForm}. */
  numbers = 11,
  object = 12,
  map = 13,
  set = 14,
  date = 15,
  regexp = 16,
  error = 17,
  bytes = 18,
  segment = 19,
  boxed = 20,
  /** An object that has occurred in this message before. */
  same = 21,
  /** An object or function that lives with the sender. */
  mine = 22,
  /** One that lives with the receiver. */
  yours = 23,
  /** What a call of the sender, which is under way, will bring. */
  result = 24,
  /** The signal of the call that it is an argument of. */
  signal = 25,
}

/** In place of a segment's number: the bytes came ahead of the message, in pieces. */
export const sentAhead = 0;

export const smallInteger = { tag: 0x80, min: -16, max: 111 } as const;

/** How each number of a packed list is written. */
export const enum NumberForm {
  int8 = 0,
  uint8 = 1,
  int16 = 2,
  uint16 = 3,
  int32 = 4,
  float64 = 5,
}

/** The first byte of a text: its length in UTF-8, or one of these two with a longer length behind. */
export const enum TextForm {
  utf16 = 254,
  utf8 = 255,
}
