/** What one side of a connection accepts from the other before it ends the connection. */
export interface Limits {
  /** Bytes of one frame, its four length bytes not counted. */
  readonly maxFrameBytes: number;
  /** Nesting of one value. */
  readonly maxDepth: number;
  /** Calls without an answer. */
  readonly maxPendingCalls: number;
  /** Objects that one side keeps alive for the other. */
  readonly maxReferences: number;
}

export const defaultLimits: Limits = Object.freeze({
  maxFrameBytes: 64 * 1024 * 1024,
  maxDepth: 64,
  maxPendingCalls: 4_096,
  maxReferences: 65_536,
});
