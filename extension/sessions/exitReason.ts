import type { CloseReason } from '../../server/shared/protocol/events.ts';
import type { ExitInfo } from './workerProcess.ts';

/** Says in words how a process ended by itself; a heap that was full is told from other aborts. */
export function describeExit(exit: ExitInfo, lastErrorLine: string | undefined): CloseReason {
  if (exit.error) return { kind: 'exited', detail: exit.error.message };
  if (lastErrorLine?.includes('heap out of memory')) {
    return { kind: 'memory', detail: 'its JavaScript heap was full' };
  }
  const how = exit.signal ? `signal ${exit.signal}` : `exit code ${exit.code}`;
  return { kind: 'exited', detail: lastErrorLine ? `${how}; ${lastErrorLine}` : how };
}
