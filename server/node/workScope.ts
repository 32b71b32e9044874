import { AsyncLocalStorage } from 'node:async_hooks';
import type { WorkScope } from '../shared/rpc/syncServing.ts';

/** Follows work through promises, timers and events, by Node's own means. */
export function createWorkScope<T>(): WorkScope<T> {
  const storage = new AsyncLocalStorage<T>();
  return {
    run: (origin, work) => storage.run(origin, work),
    current: () => storage.getStore(),
  };
}
