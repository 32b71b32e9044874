/** Descriptors of a worker that carry the protocol; the first three are the tool's. */
export const channels = {
  /** Frames in both directions. */
  main: 3,
  /** Calls of the worker that it waits for without doing anything else. */
  sync: 4,
} as const;
