import type { SessionEvent } from '../../server/shared/protocol/events.ts';

/** A {@link SessionEvent} before it is known which session at what time. */
export type SessionNews = SessionEvent extends infer Each
  ? Each extends SessionEvent
    ? Omit<Each, 'session' | 'atMs'>
    : never
  : never;

/** Tells everyone who folds events about one session. */
export type AnnounceSession = (news: SessionNews) => void;
