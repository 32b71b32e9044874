import { messageOf } from '../../server/shared/toldErrors.ts';
import type { Log } from './log.ts';

/** Lets work go on by itself; its failure is logged, since nobody awaits it. */
export function runDetached(work: Promise<unknown>, what: string, log: Log): void {
  work.catch((error: unknown) => log.warn(`${what} failed`, { error: messageOf(error) }));
}
