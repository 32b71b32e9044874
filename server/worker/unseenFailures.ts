import type { Clock } from '../shared/base/platform.ts';
import { isGreenroomError } from '../shared/errors.ts';
import { messageOf } from '../shared/toldErrors.ts';
import type { UnseenFailure } from '../shared/rpc/connection.ts';

const spanMs = 60_000;
const mostInASpan = 100;

/** Writes a line for every failed call that nobody has asked for; of a flood, the first ones a minute. */
export class UnseenFailures {
  private spanStartedMs = -Infinity;
  private told = 0;

  constructor(
    private readonly clock: Clock,
    private readonly write: (line: string) => void,
  ) {}

  tell({ name, error }: UnseenFailure): void {
    if (isCutOff(error)) return;
    const nowMs = this.clock.now();
    if (nowMs - this.spanStartedMs >= spanMs) {
      this.spanStartedMs = nowMs;
      this.told = 0;
    }
    this.told++;
    if (this.told <= mostInASpan) {
      this.warn(`'${name}' failed, and nobody has asked for its result: ${messageOf(error)}`);
    } else if (this.told === mostInASpan + 1) {
      this.warn(
        'more calls fail whose results nobody has asked for; the rest of this minute goes by without them',
      );
    }
  }

  private warn(message: string): void {
    this.write(`Warning: ${message}\n`);
  }
}

/** By the end of the session, and has not failed. */
function isCutOff(error: unknown): boolean {
  if (isGreenroomError(error, 'call.notStarted')) return isCutOff(error.cause);
  return isGreenroomError(error, 'session.closed');
}
