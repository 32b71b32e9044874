import { getHandle } from './handle.ts';

/** Whether it can only be awaited: a promise, also of another realm, or what a call of this side will bring. */
export function isPromise(value: PromiseLike<unknown>): boolean {
  const isOne = value instanceof Promise || getHandle(value) !== undefined;
  return isOne || Object.prototype.toString.call(value) === '[object Promise]';
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
