// What lives in the other process, as types: made from the types that it has there.

import type { CancelSignal } from '../base/platform.ts';
import type { BatchOptions, CallOptions } from './callOptions.ts';
import type { Passing } from './values/policy.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- types about functions in general need it */

type AnyFunction = (...args: any[]) => any;
type AnyClass = abstract new (...args: any[]) => any;

/** A stand-in for an object, function or class that lives in the other process. */
export type Remote<T> = StandInFor<T> & Disposable & Usable<T>;

/** The result of a call: to be awaited, or used further before it is there. */
export type RemoteResult<T, How extends Arrival = 'natural'> = StandInFor<Awaited<T>> &
  Disposable &
  Promise<Arrived<Awaited<T>, How>> &
  NotYetThere<Awaited<T>, NamesOfPromises>;

/** A member of something in the other process: to be awaited, called, or gone further from. */
export type RemoteMember<T> = Awaitable<T> & NotYetThere<T>;

/** A function or method of the other process. `How` is what its call says of the result. */
export type RemoteFunction<F, How extends Arrival = 'natural'> = Overloads<F, How> & {
  /** The same with options: a signal, a deadline, how objects are passed. */
  with(options: ByValue): RemoteFunction<F, 'value'>;
  with(options: ByReference): RemoteFunction<F, 'reference'>;
  with(options: CallOptions): RemoteFunction<F, How>;
};

/** A class of the other process. What is constructed stays there. */
export type RemoteClass<C extends AnyClass> = (new (
  ...args: PassedAll<ConstructorParameters<C>>
) => RemoteResult<InstanceType<C>, 'reference'>) & {
  /** The same with options: a signal, a deadline, how objects are passed. */
  with(options: CallOptions): RemoteClass<C>;
} & Members<C, NamesOfCalls>;

/**
 * For the authors of modules: a function that is passed to the module. Declare a parameter as
 * `Callback<(n: number) => boolean>`, and hosts pass a plain function for it.
 */
export type Callback<F extends AnyFunction> = StandInFor<F> & Disposable & HostFunction<F>;

/**
 * For the authors of modules: an object that a host passes by reference, one of a class or marked with
 * `byRef`. A plain object that is not marked is copied, with its functions as `Callback`s.
 */
export type HostObject<T extends object> = StandInFor<T> &
  Disposable & {
    readonly [K in keyof T as Exclude<K, symbol | Unreachable>]-?: HostMember<T[K]>;
  };

type HostMember<T> =
  NonNullable<T> extends AnyFunction ? HostFunction<NonNullable<T>> : RemoteMember<T>;

interface HostFunction<F extends AnyFunction> extends RemoteCall<
  LocalOrPassed<Parameters<F>>,
  ReturnType<F>,
  'natural'
> {
  /** The same with options: a signal, a deadline, how objects are passed. */
  with(options: CallOptions): RemoteFunction<F>;
  /** Calls the host and waits without turning to anything else. */
  readonly sync: (...args: LocalOrPassed<Parameters<F>>) => Received<Awaited<ReturnType<F>>>;
}

/** A remote as what its properties may be set to. */
export type Writable<T> = { [K in keyof T as Exclude<K, symbol | Unreachable>]: Passed<T[K]> };

/**
 * The same remote, to assign to its properties: `writable(remote).size = 5`. Assigning does not need
 * this, but TypeScript does: types made of others cannot say that a property which is awaited takes a
 * plain value.
 */
export function writable<T>(remote: StandInFor<T>): Writable<NonNullable<T>> {
  return remote as unknown as Writable<NonNullable<T>>;
}

/** What comes here: data is copied, what lives stays there and a remote comes, however deep it is. */
export type Received<T> = unknown extends T
  ? T
  : T extends PromiseLike<infer R>
    ? Received<R>
    : T extends StandInFor<infer Own>
      ? Own
      : IsAtom<T> extends true
        ? T
        : T extends readonly any[]
          ? ReceivedList<T>
          : T extends ReadonlyMap<infer K, infer V>
            ? Map<Received<K>, Received<V>>
            : T extends ReadonlySet<infer E>
              ? Set<Received<E>>
              : IsLive<T> extends true
                ? Remote<T>
                : { [K in keyof T]: Received<T[K]> };

/** Lists that hold lists of their own kind are resolved only as far as somebody looks. */
type ReceivedList<L extends readonly unknown[]> = number extends L['length']
  ? Received<L[number]>[]
  : ReceivedAll<L>;

/** What may be passed where a `T` is wanted: also a stand-in for one, or for a part of one. */
export type Passed<T> = StandInFor<T> | Local<T>;

/** What of this process may be passed for a `T`. */
type Local<T> = unknown extends T
  ? T
  : T extends StandInFor<infer Own>
    ? Local<Own>
    : IsAtom<T> extends true
      ? T
      : T extends AnyClass
        ? T
        : T extends (...args: infer A) => infer R
          ? (...args: ReceivedAll<A>) => Returned<R>
          : T extends readonly any[]
            ? LocalList<T>
            : T extends ReadonlyMap<infer K, infer V>
              ? ReadonlyMap<K, Passed<V>>
              : T extends ReadonlySet<infer E>
                ? ReadonlySet<Passed<E>>
                : HasPrivateMembers<T> extends true
                  ? T
                  : PartsOf<T>;

type LocalList<L extends readonly unknown[]> = number extends L['length']
  ? readonly Passed<L[number]>[]
  : Readonly<PassedAll<L>>;

/** Every part is passed as it would be passed alone. */
type PartsOf<T> = { [K in keyof T as Exclude<K, symbol>]: Passed<T[K]> } & NoStandIn;

/** What a callback may return for an `R`: at once or later. For nothing, anything. */
type Returned<R> = unknown extends R
  ? R
  : [Awaited<R>] extends [void]
    ? unknown
    : Passed<Awaited<R>> | PromiseLike<Passed<Awaited<R>>>;

/** What depends on a type parameter may look as if it took nothing at all. */
type PassedAll<A extends readonly unknown[]> = [A] extends [never]
  ? unknown[]
  : { [K in keyof A]: [A[K]] extends [never] ? unknown : Passed<A[K]> };
type ReceivedAll<A extends readonly unknown[]> = { [K in keyof A]: Received<A[K]> };
/** A module knows what its own objects are. */
type LocalOrPassed<A extends readonly unknown[]> = { [K in keyof A]: A[K] | Passed<A[K]> };

/** What a call says of its result: nothing, or how objects in it come. */
type Arrival = Passing | 'natural';
type ByValue = CallOptions & { readonly result: 'value' };
type ByReference = CallOptions & { readonly result: 'reference' };

/** What awaiting brings, by what the call said. */
type Arrived<T, How extends Arrival> = How extends 'value'
  ? Copied<T>
  : How extends 'reference'
    ? Referred<T>
    : Received<T>;

/** A copy: methods stay behind, as in a structured clone. */
type Copied<T> = unknown extends T
  ? T
  : T extends StandInFor<infer Own>
    ? Own
    : IsAtom<T> extends true
      ? T
      : T extends AnyFunction | AnyClass
        ? Remote<T>
        : T extends readonly any[]
          ? CopiedList<T>
          : T extends ReadonlyMap<infer K, infer V>
            ? Map<Copied<K>, Copied<V>>
            : T extends ReadonlySet<infer E>
              ? Set<Copied<E>>
              : { [K in keyof T as T[K] extends AnyFunction ? never : K]: Copied<T[K]> };

type CopiedList<L extends readonly unknown[]> = number extends L['length']
  ? Copied<L[number]>[]
  : { [K in keyof L]: Copied<L[K]> };

/** A remote for every object, but for those that hold nothing which could be shared. */
type Referred<T> = unknown extends T
  ? T
  : T extends StandInFor<infer Own>
    ? Own
    : IsAtom<T> extends true
      ? T
      : Remote<T>;

/** What is copied whatever anybody says. Errors are known by their stack: others have messages too. */
type IsAtom<T> = T extends Atom
  ? true
  : T extends Error
    ? 'stack' extends keyof T
      ? true
      : false
    : false;

type Atom = Primitive | Date | RegExp | ArrayBuffer | ArrayBufferView | CancelSignal;
type Primitive = string | number | boolean | bigint | symbol | null | undefined | void;

/** Whether something goes by reference: functions, classes, and objects with methods or secrets. */
type IsLive<T> = T extends AnyFunction | AnyClass
  ? true
  : true extends { [K in keyof T]: IsFunction<T[K]> }[keyof T]
    ? true
    : HasPrivateMembers<T>;

type IsFunction<T> = unknown extends T ? false : T extends AnyFunction | AnyClass ? true : false;

/** Objects of a class with private members are made by that class only. */
type HasPrivateMembers<T> = { [K in keyof T]: T[K] } extends T ? false : true;

/** What can be done with something of the other process; `Taken` are names with a meaning of their own. */
type Usable<T, Taken extends PropertyKey = never> = unknown extends T
  ? T
  : T extends AnyClass
    ? T extends new (...args: any[]) => any
      ? RemoteClass<T>
      : Members<T, NamesOfCalls> // abstract: it has no objects of its own
    : T extends AnyFunction
      ? RemoteFunction<T> & Members<T, Taken | NamesOfCalls>
      : IsAtom<T> extends true
        ? unknown
        : T extends readonly any[]
          ? Members<Pick<T, number | 'length'>, never>
          : Members<T, Taken>;

/** The same of what may turn out not to be there: the call that uses it fails then. */
type NotYetThere<T, Taken extends PropertyKey = never> = [NonNullable<T>] extends [never]
  ? unknown
  : Usable<NonNullable<T>, Taken | NamesOfCalls>;

type Members<T, Taken extends PropertyKey> = {
  readonly [K in keyof T as Exclude<K, symbol | Unreachable | Taken>]-?: RemoteMember<T[K]>;
};

/** Names that have a meaning of their own after a method, a function or a result. */
type NamesOfCalls = 'batch' | 'with' | 'sync';

/** Names that have one after a result. */
type NamesOfPromises = 'then' | 'catch' | 'finally';

/** Names that lead nowhere. */
type Unreachable = 'then' | 'constructor' | 'prototype' | '__proto__';

/** Awaiting it brings the value of a member; passed on, it is read on the way. */
interface Awaitable<T> extends StandInFor<T>, PromiseLike<Received<T>> {}

/** TypeScript tells up to four overloads of a function; of fewer, it repeats the first. */
type Overloads<F, How extends Arrival> = F extends {
  (...args: infer A1): infer R1;
  (...args: infer A2): infer R2;
  (...args: infer A3): infer R3;
  (...args: infer A4): infer R4;
}
  ? RemoteCall<PassedAll<A1>, R1, How> &
      RemoteCall<PassedAll<A2>, R2, How> &
      RemoteCall<PassedAll<A3>, R3, How> &
      RemoteCall<PassedAll<A4>, R4, How>
  : // A list of arguments that is `readonly` matches alone only.
    F extends (...args: infer A extends readonly unknown[]) => infer R
    ? RemoteCall<PassedAll<A>, R, How>
    : never;

interface RemoteCall<Args extends readonly unknown[], R, How extends Arrival> {
  (...args: Args): RemoteResult<R, How>;
  /** An outcome for every call, whatever the others do. */
  batch(
    items: readonly Readonly<Args>[],
    options: BatchOptions & { readonly settle: true },
  ): BatchResult<PromiseSettledResult<Awaited<R>>, PromiseSettledResult<Arrived<Awaited<R>, How>>>;
  /** Many calls in one message, in order. Stops at the first that fails, with a `BatchError`. */
  batch(
    items: readonly Readonly<Args>[],
    options?: BatchOptions & { readonly settle?: false },
  ): BatchResult<Awaited<R>, Arrived<Awaited<R>, How>>;
}

/** What the calls of a batch bring, in their order. */
type BatchResult<R, Item> = StandInFor<R[]> &
  Disposable &
  Promise<Item[]> &
  NotYetThere<R[], NamesOfPromises>;

declare const standsFor: unique symbol;

/** What may be passed instead of a `T`: a remote, a member of one, or a result that is not there yet. */
export interface StandInFor<T> {
  readonly [standsFor]: T;
}

/** A remote has the same members as what it stands for, but is not to be looked at by them. */
interface NoStandIn {
  readonly [standsFor]?: never;
}
