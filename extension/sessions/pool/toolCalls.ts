import type { Clock } from '../../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError } from '../../../server/shared/errors.ts';
import { toCallRecord } from '../callRecord.ts';
import type { ToolCall } from '../session.ts';
import type { SessionNews } from '../sessionEvents.ts';
import type { ShareKey } from '../shareKey.ts';
import type { SessionGroup } from './sessionGroup.ts';
import type { SessionRequest } from './sessionRequest.ts';

export interface ToolCallsContext {
  readonly clock: Clock;
  /** Throws `pool.closed`. */
  readonly groupFor: (request: SessionRequest) => SessionGroup;
  readonly isSuspended: (key: ShareKey) => boolean;
  readonly isClosed: () => boolean;
  readonly announce: (id: string, news: SessionNews) => void;
}

const maxAttempts = 3;

/** Makes calls of tools: once, on the successor where that does no harm, or in a process of their own. */
export class ToolCalls {
  private oneShots = 0;

  constructor(private readonly pool: ToolCallsContext) {}

  /** As {@link SessionPool.call}. */
  async make(request: SessionRequest, call: ToolCall): Promise<unknown> {
    const { clock, groupFor, isSuspended } = this.pool;
    const { askedAtMs = clock.now(), deadlineMs, signal } = call;
    const isOnce = request.isOneShot || (call.isInsisted && isSuspended(request.key));
    const wanted = isOnce ? this.oneShot(request) : request;
    const leftMs = () =>
      deadlineMs === undefined
        ? undefined
        : Math.max(0, Math.ceil(askedAtMs + deadlineMs - clock.now()));
    for (let attempt = 1; ; attempt++) {
      const group = groupFor(wanted);
      using slot = await group.slot({ signal, forMs: leftMs() }).catch((error: unknown) => {
        this.recordUnmade(group, { ...call, askedAtMs }, error);
        throw error;
      });
      try {
        const answer = await slot.session.call({ ...call, askedAtMs, deadlineMs: leftMs() });
        slot.succeeded();
        return answer;
      } catch (error) {
        if (this.mayTryAgain(error, call) && attempt < maxAttempts) continue;
        throw isGreenroomError(error, 'call.deadline') ? pastDeadline(call, error) : error;
      }
    }
  }

  /** A call for which there was no session stands with the one that was started last. */
  private recordUnmade(
    { latestId }: SessionGroup,
    { tool, method, askedAtMs, subject }: ToolCall & { readonly askedAtMs: number },
    error: unknown,
  ): void {
    if (latestId === undefined) return;
    const ended = { tool: tool.name, method, askedAtMs, subject, trace: undefined, error };
    const record = toCallRecord(latestId, ended, this.pool.clock.now());
    this.pool.announce(latestId, { kind: 'called', call: record });
  }

  private oneShot(request: SessionRequest): SessionRequest {
    return {
      ...request,
      isOneShot: true,
      key: `${request.key}|once ${++this.oneShots}` as ShareKey,
    };
  }

  private mayTryAgain(error: unknown, { isRepeatable }: ToolCall): boolean {
    if (this.pool.isClosed()) return false;
    if (isGreenroomError(error, 'call.notStarted')) return true;
    return isRepeatable === true && isGreenroomError(error, 'session.lost');
  }
}

/** In terms of what the caller asked for, of which waiting has taken its part. */
function pastDeadline({ method, deadlineMs }: ToolCall, cause: Error): GreenroomError {
  const message = `'${method}' took longer than ${deadlineMs} ms`;
  return new GreenroomError('call.deadline', message, { cause });
}
