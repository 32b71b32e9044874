import { GreenroomError } from '../../server/shared/errors.ts';
import type { CloseReason } from '../../server/shared/protocol/events.ts';

/** What calls fail with whose session has ended for this reason. */
export function sessionEnded(reason: CloseReason): GreenroomError {
  const detail = reason.detail === undefined ? '' : `: ${reason.detail}`;
  switch (reason.kind) {
    case 'idle':
    case 'requested':
    case 'displaced':
    case 'shutdown':
    case 'stale':
    case 'recycled':
      return new GreenroomError('session.closed', `the session was closed${detail}`);
    case 'stuck':
      return new GreenroomError('session.lost', `the session was ended${detail || notAnswering}`);
    case 'memory':
    case 'processes':
    case 'processor':
      return new GreenroomError('session.lost', `the session was ended${detail}`);
    case 'exited':
    case 'launchFailed':
    case 'protocol':
      return new GreenroomError('session.lost', `the session ended unexpectedly${detail}`);
  }
}

const notAnswering = ': it did not answer';
