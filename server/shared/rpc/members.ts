import type { CancelSignal } from '../base/platform.ts';
import { GreenroomError } from '../errors.ts';
import type { Reach, ReachOf } from './reach.ts';
import { withoutMark } from './values/policy.ts';

/** What a served method is told about the call it serves. */
export interface CallContext {
  readonly signal: CancelSignal;
}

export type ServedMethod = (args: readonly unknown[], context: CallContext) => unknown;

/**
 * An object that offers the other side exactly these methods, and tells them about the call. Every
 * other object offers its own members and those of its classes.
 */
export class ServedObject {
  private readonly methods: ReadonlyMap<string, ServedMethod>;

  constructor(methods: Readonly<Record<string, ServedMethod>>) {
    this.methods = new Map(Object.entries(methods));
  }

  /** The same, with every call made by `run`. */
  calledBy(run: (call: () => unknown) => unknown): ServedObject {
    const methods = [...this.methods].map(([name, method]): [string, ServedMethod] => [
      name,
      (args, context) => run(() => method(args, context)),
    ]);
    return new ServedObject(Object.fromEntries(methods));
  }

  method(name: string): ServedMethod {
    const method = this.methods.get(name);
    if (!method) throw unknownMember(name);
    return method;
  }
}

const objectPrototype = Object.prototype as unknown as Readonly<Record<string, unknown>>;
const functionPrototype = Function.prototype as unknown as Readonly<Record<string, unknown>>;

/** Names that lead from an object to the machinery behind it, or that awaiting would call. */
const never = new Set(['__proto__', 'constructor', 'prototype', 'then']);

/** The same of a function; a node of a syntax tree has its arguments. */
const neverOfFunctions = new Set(['caller', 'arguments']);

/** Names that every object or function has; they count only where a class has its own. */
const common = new Set([...Object.getOwnPropertyNames(Object.prototype), 'apply', 'bind', 'call']);

/** The value of a member that the other side may reach. Throws `call.unknownMethod`, or what its getter throws. */
export function getMember(object: unknown, name: string, reach: Reach): unknown {
  if (object === null || object === undefined) throw memberOfNothing(name, object);
  if (object instanceof ServedObject) throw unknownMember(name);
  if (isNever(object, name) || reach === 'nothing') throw unknownMember(name);
  if (reach === 'own' && !Object.hasOwn(object, name)) throw unknownMember(name);
  const value = (object as Readonly<Record<string, unknown>>)[name];
  if (common.has(name) && (value === objectPrototype[name] || value === functionPrototype[name])) {
    throw unknownMember(name);
  }
  return value;
}

/** Throws `call.unknownMethod` for a name that must not be set, a `TypeError` for one that cannot, or what its setter throws. */
export function setMember(object: unknown, name: string, value: unknown, reach: Reach): void {
  const isSettable =
    (typeof object === 'object' || typeof object === 'function') &&
    object !== null &&
    !(object instanceof ServedObject) &&
    reach === 'all' &&
    !isNever(object, name) &&
    !common.has(name);
  if (!isSettable) throw unknownMember(name);
  if (!Reflect.set(object, name, value)) throw new TypeError(`'${name}' cannot be set`);
}

function isNever(object: unknown, name: string): boolean {
  return never.has(name) || (typeof object === 'function' && neverOfFunctions.has(name));
}

/** An object, and how far the other side reaches into it. */
export interface Reached {
  readonly object: unknown;
  readonly reach: Reach;
  /** What it is a member of. */
  readonly owner?: unknown;
}

/** The object that has the last member of a path. */
export function ownerOf(target: Reached, path: readonly string[], reachOf: ReachOf): Reached {
  let owner = target;
  for (let index = 0; index < path.length - 1; index++) {
    const object = getMember(owner.object, path[index]!, owner.reach);
    if (object === undefined || object === null) throw unknownMember(path[index]!);
    if (object instanceof Promise && !(path[index + 1]! in object))
      throw onlyPromised(path[index]!);
    owner = { object: withoutMark(object), reach: reachOf(object), owner: owner.object };
  }
  return owner;
}

/**
 * The arguments of a call by way of `call` or `apply`, which every function has, and by which an
 * `EventEmitter` calls it; undefined for another one. As in any call, `this` is what the function is a
 * member of. Throws a `TypeError` for what only looks like a list: it may claim any length.
 */
export function argsByWayOf(
  object: unknown,
  name: string | undefined,
  args: readonly unknown[],
): readonly unknown[] | undefined {
  if (name !== 'call' && name !== 'apply') return undefined;
  if (typeof object !== 'function' || object[name] !== functionPrototype[name]) return undefined;
  if (name === 'call') return args.slice(1);
  const list = args[1] ?? [];
  if (Array.isArray(list)) return list as unknown[];
  throw new TypeError("'apply' takes the arguments in a list");
}

function onlyPromised(name: string): GreenroomError {
  const message = `'${name}' is a promise, which has no members; await it first`;
  return new GreenroomError('call.unknownMethod', message);
}

export function unknownMember(name: string): GreenroomError {
  return new GreenroomError('call.unknownMethod', `there is no member '${name}'`);
}

function memberOfNothing(name: string, nothing: null | undefined): GreenroomError {
  return new GreenroomError('call.unknownMethod', `there is no member '${name}' of ${nothing}`);
}

/** `name` is absent where it is an object itself that was called. */
export function notCallable(name: string | undefined, member: unknown): GreenroomError {
  if (name !== undefined && member === undefined) return unknownMember(name);
  const what = name === undefined ? 'what was called' : `'${name}'`;
  const isModule = Object.prototype.toString.call(member) === '[object Module]';
  const hint = isModule ? " but a module; load(file, 'default') brings its default export" : '';
  return new GreenroomError('call.unknownMethod', `${what} is not a function${hint}`);
}
