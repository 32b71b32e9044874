/** What one side of a connection accepts from the other before it ends the connection. */
export interface Limits {
  /** Bytes of one frame, its four length bytes not counted. */
  readonly maxFrameBytes: number;
  /** Nesting of one value. */
  readonly maxDepth: number;
  /** What all values of one message weigh together: 1 each, and more for what takes more memory. */
  readonly maxWeight: number;
  /** Calls under way, unless one of them may need more; those that are made beyond it wait to be sent. */
  readonly maxPendingCalls: number;
  /**
   * Bytes that the messages of calls under way have together before another one is sent; as many more for each
   * call of the other side that is being served, which may need one to end. While no more are under way than
   * are being served, as where calls are nested, another one is sent whatever it takes.
   */
  readonly maxHeldBytes: number;
  /** Bytes of a message with which a call need not wait for others to let go of theirs. */
  readonly maxLightBytes: number;
  /**
   * Calls beyond those, which wait to be sent until some have been answered, or until one of the other side is
   * being served, which may need the last of them to end. One more fails as `queue.full`.
   */
  readonly maxWaitingCalls: number;
  /** Objects and results that one side keeps alive for the other. */
  readonly maxReferences: number;
  /** Bytes that may wait for a peer that does not read, before the connection is ended. */
  readonly maxUnsentBytes: number;
  /**
   * Bytes of large binary values in one message. As many may wait in pieces for a peer that does not
   * read, before the next message with such values fails as `queue.full`.
   */
  readonly maxAheadBytes: number;
}

/** How deep into an object a call may reach, in names, and how long a name may be, in characters. */
export const pathLimits = Object.freeze({ names: 32, nameLength: 1_000 });

export const defaultLimits: Limits = Object.freeze({
  maxFrameBytes: 64 * 1024 * 1024,
  maxDepth: 500,
  maxWeight: 16 * 1024 * 1024,
  maxPendingCalls: 4_096,
  maxHeldBytes: 256 * 1024 * 1024,
  maxLightBytes: 64 * 1024,
  maxWaitingCalls: 65_536,
  maxReferences: 1_048_576,
  maxUnsentBytes: 256 * 1024 * 1024,
  maxAheadBytes: 512 * 1024 * 1024,
});
