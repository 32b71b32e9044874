import type { BatchOptions, CallOptions } from './callOptions.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- types about functions in general need it */

type AnyFunction = (...args: any[]) => any;
type AnyClass = abstract new (...args: any[]) => any;

/** Whether something has methods: then it is live, and goes by reference. */
type IsLive<T> = T extends readonly any[] | ReadonlyMap<any, any> | ReadonlySet<any>
  ? false
  : T extends Date | RegExp | Error | ArrayBuffer | ArrayBufferView
    ? false
    : T extends AnyFunction | AnyClass
      ? true
      : T extends object
        ? true extends { [K in keyof T]: T[K] extends AnyFunction ? true : never }[keyof T]
          ? true
          : false
        : false;

/** What awaiting a result of type `T` brings: a copy of data, a remote for what is live. */
export type Received<T> =
  T extends PromiseLike<infer R> ? Received<R> : IsLive<T> extends true ? Remote<T> : T;

/** What may be passed where a `T` is wanted: also a stand-in for one, before it exists. */
export type Passed<T> = T extends (...args: infer A) => infer R
  ? (...args: A) => R | PromiseLike<Awaited<R>>
  : T | RemoteResult<T> | (T extends object ? Remote<T> : never);

type PassedAll<A extends readonly unknown[]> = { [K in keyof A]: Passed<A[K]> };

/** The result of a call: to be awaited, or used further before it is there. */
export type RemoteResult<T> = [T] extends [never]
  ? Promise<never> & Disposable
  : T extends PromiseLike<infer R>
    ? RemoteResult<R>
    : Promise<Received<T>> & Disposable & (IsLive<T> extends true ? Remote<T> : unknown);

/** A method or function of the other side. */
export interface RemoteCallable<A extends readonly unknown[], R> {
  (...args: PassedAll<A>): RemoteResult<R>;
  /** Many calls in one message, in order. Stops at the first that fails, with a `BatchError`. */
  batch(
    items: readonly PassedAll<A>[],
    options?: BatchOptions & { readonly settle?: false },
  ): RemoteResult<Awaited<R>[]>;
  /** An outcome for every call, whatever the others do. */
  batch(
    items: readonly PassedAll<A>[],
    options: BatchOptions & { readonly settle: true },
  ): RemoteResult<PromiseSettledResult<Awaited<R>>[]>;
  /** The same with options: a signal, a deadline, how objects are passed. */
  with(options: CallOptions): RemoteCallable<A, R>;
  /** In a worker: calls the host and waits without turning to anything else. */
  sync(...args: PassedAll<A>): Awaited<R>;
}

/** A class of the other side. */
export type RemoteClass<T extends AnyClass> = (new (
  ...args: PassedAll<ConstructorParameters<T>>
) => RemoteResult<InstanceType<T>>) &
  Members<T>;

type Member<T> = T extends (...args: infer A) => infer R
  ? RemoteCallable<A, R>
  : T extends AnyClass
    ? RemoteClass<T>
    : PromiseLike<Received<T>> & (T extends object ? Members<T> : unknown);

type Members<T> = { [K in Exclude<keyof T, symbol | 'then' | 'prototype'>]: Member<T[K]> };

/** A stand-in for an object, function or class that lives in the other process. */
export type Remote<T> = Disposable &
  (T extends AnyClass
    ? RemoteClass<T>
    : T extends (...args: infer A) => infer R
      ? RemoteCallable<A, R> & Members<T>
      : Members<T>);
