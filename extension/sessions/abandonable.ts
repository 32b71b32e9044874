import type { CancelSignal } from '../../server/shared/base/platform.ts';
import { GreenroomError } from '../../server/shared/errors.ts';

/** Waits no longer than the signal allows; the work itself goes on, for others may wait for it. */
export function abandonable<T>(
  work: Promise<T>,
  signal: CancelSignal | undefined,
  whyNot: string,
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () =>
      reject(new GreenroomError('call.cancelled', whyNot, { cause: signal.reason }));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
