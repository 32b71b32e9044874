import { GreenroomError } from '../../server/shared/errors.ts';
import type { Clock } from '../../server/shared/base/platform.ts';
import type { ExitInfo } from './workerProcess.ts';

export interface EndingProcess {
  readonly pid: number | undefined;
  readonly exited: Promise<ExitInfo>;
  terminate(): void;
  killTree(): void;
}

/**
 * Ask, wait, tell, wait, kill the tree, wait. Resolves when the process is really gone; rejects with
 * `process.immortal` when even that did not help.
 */
export async function endProcess(
  process: EndingProcess,
  askToExit: () => void,
  graceMs: number,
  clock: Clock,
): Promise<ExitInfo> {
  for (const step of [askToExit, () => process.terminate(), () => process.killTree()]) {
    step();
    const exit = await within(graceMs, process.exited, clock);
    if (exit) {
      process.killTree(); // its children, where it left some
      return exit;
    }
  }
  throw new GreenroomError('process.immortal', `process ${process.pid} survived a kill`);
}

/** The value, or undefined when it takes longer. */
export async function within<T>(
  timeoutMs: number,
  value: Promise<T>,
  clock: Clock,
): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  using _timer = disposable(clock.after(timeoutMs, () => resolve(undefined)));
  return await Promise.race([value, promise]);
}

function disposable(timer: { dispose(): void }): Disposable {
  return { [Symbol.dispose]: () => timer.dispose() };
}
