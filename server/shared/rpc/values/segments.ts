import { violation } from '../../protocol/violation.ts';

/** The first road for large bytes: shared memory beside the message, where there is some. */
export interface BytesRoad {
  /**
   * Puts bytes where the other side can take them, and answers with the segment's number; undefined
   * when they are few, or there is no room: they take the road of the messages then.
   */
  put(bytes: Uint8Array): number | undefined;
  /** Takes a copy of what the other side has put. Throws `protocol.violation` when it is not there. */
  take(segment: number, length: number): Uint8Array<ArrayBuffer>;
  /** The other side has taken what was put: the segment may be used again. */
  free(segment: number): void;
}

/** No shared memory: everything goes where the messages go. */
export function noSegments(): BytesRoad {
  const refuse = () => {
    throw violation('there is no shared memory here');
  };
  return { put: () => undefined, take: refuse, free: refuse };
}
