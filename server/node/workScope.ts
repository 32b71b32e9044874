import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkScope } from '../shared/rpc/syncWork.ts';

/** Follows work through promises, timers and events, by Node's own means. */
export function createWorkScope<T>(): WorkScope<T> {
  const storage = new AsyncLocalStorage<T | undefined>();
  let isUsed = false;
  return {
    run: (origin, work) => {
      isUsed = true;
      storage.run(origin, work);
    },
    outside: work => (isUsed ? storage.run(undefined, work) : work()),
    // Nearly every program asks with each call, and never runs anything.
    current: () => (isUsed ? storage.getStore() : undefined),
  };
}
