import { isGreenroomError } from '../../server/shared/errors.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import type { CallOutcome, CallRecord } from '../../server/shared/protocol/events.ts';
import type { CallTrace } from '../../server/shared/rpc/callOptions.ts';
import { divideTimes } from './callTimes.ts';

/** What is known of a call when it has ended. */
export interface EndedCall {
  readonly tool: string;
  readonly method: string;
  readonly askedAtMs: number;
  /** Absent when it never began on the other side, or was lost there. */
  readonly trace: CallTrace | undefined;
  readonly mayHaveBegun?: boolean;
  readonly error?: unknown;
  /** For people: what it was about. */
  readonly subject?: string | undefined;
}

export function toCallRecord(session: string, ended: EndedCall, endedAtMs: number): CallRecord {
  const { tool, method, askedAtMs, trace, mayHaveBegun, error, subject } = ended;
  return {
    session,
    tool,
    method,
    askedAtMs,
    ...divideTimes(askedAtMs, endedAtMs, trace, mayHaveBegun),
    requestBytes: trace?.requestBytes ?? 0,
    replyBytes: trace?.replyBytes ?? 0,
    outcome: error === undefined ? 'ok' : outcomeOf(error),
    ...(subject !== undefined && { subject }),
    ...(error !== undefined && { error: messageOf(error) }),
  };
}

function outcomeOf(error: unknown): CallOutcome {
  if (isGreenroomError(error, 'call.cancelled')) return 'cancelled';
  if (isGreenroomError(error, 'call.deadline')) return 'deadline';
  if (isGreenroomError(error, 'session.lost', 'session.closed', 'call.notStarted')) return 'lost';
  return 'failed';
}
