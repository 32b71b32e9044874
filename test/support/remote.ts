import type { BatchOptions, CallOptions } from '../../server/shared/rpc/callOptions.ts';

type AnyFunction = (...args: never[]) => unknown;
type Copied =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | readonly unknown[]
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | ArrayBufferView;

/** What awaiting a result brings: a copy of data, a remote for what lives. */
export type Brought<T> = unknown extends T
  ? T
  : T extends Copied
    ? T
    : T extends AnyFunction | (abstract new (...args: never[]) => unknown)
      ? Remote<T>
      : T extends object
        ? true extends { [K in keyof T]: T[K] extends AnyFunction ? true : false }[keyof T]
          ? Remote<T>
          : T
        : T;

/** The result of a call that may still be under way: to be awaited, or used as if it were there. */
export type Used<T> = [T] extends [never]
  ? Used<unknown>
  : Promise<Brought<T>> & Remote<T> & Disposable;

/** A method of a remote. Arguments are not checked: tests send what they should not. */
export interface RemoteMethod<R> {
  (...args: readonly unknown[]): Used<R>;
  batch(items: readonly (readonly unknown[])[], options?: BatchOptions): Used<Brought<R>[]>;
  with(options: CallOptions): RemoteMethod<R>;
}

/** What one side sees of a `T` that lives with the other. */
export type Remote<T> = Disposable &
  (T extends (...args: never[]) => infer R ? RemoteMethod<Awaited<R>> : unknown) &
  (T extends abstract new (...args: never[]) => infer R
    ? new (...args: readonly unknown[]) => Used<R>
    : unknown) &
  (T extends Copied ? unknown : { [K in keyof T]: RemoteMember<T[K]> });

type RemoteMember<T> = T extends (...args: never[]) => infer R
  ? RemoteMethod<Awaited<R>> & PromiseLike<Remote<T>>
  : Used<T>;

/** Why a call has failed. (`expect(…).rejects` would call the result, because it can be called.) */
export async function failureOf(call: PromiseLike<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await call;
  } catch (error) {
    return error;
  }
  throw new Error(`the call has not failed, but brought ${String(result)}`);
}
