import { misuse } from '../../base/misuse.ts';

/** How an object crosses: copied, or as a reference to the one that stays. */
export type Passing = 'value' | 'reference';

export type AnyClass = abstract new (...args: never[]) => unknown;

/** Objects of this class, or of one with this name, and of those that extend it. */
export interface TypeRule {
  readonly type: string | AnyClass;
  readonly passing: Passing;
}

/** What holds for a session: the rules by type, in order, then the default. */
export interface PassingPolicy {
  readonly types: readonly TypeRule[];
  /** For objects that no rule names. Absent: plain data goes by value, live objects by reference. */
  readonly objects?: Passing | undefined;
}

/** Which rule decided how a value crosses. */
export interface PassingDecision {
  readonly passing: Passing;
  /** `nature`: nobody ruled, or no rule can change it. `mark`: by {@link byRef} or {@link byValue}. */
  readonly source: 'call' | 'type' | 'session' | 'nature' | 'mark';
  /** The name of the class whose rule it was. */
  readonly type?: string;
}

/** Marks a value that goes by reference or by value, wherever in a message it occurs. */
export class Marked {
  constructor(
    readonly value: object,
    readonly passing: Passing,
  ) {}
}

/** A proxy may throw when it is asked for its class, and is no mark. */
export function isMarked(value: unknown): value is Marked {
  try {
    return value instanceof Marked;
  } catch {
    return false;
  }
}

export function withoutMark(value: unknown): unknown {
  return isMarked(value) ? value.value : value;
}

/** Passes this object by reference, whatever policies and other marks say. Throws a `TypeError` for what is no object. */
export function byRef<T extends object>(value: T): T {
  return mark(value, 'reference', 'byRef') as T;
}

/**
 * Passes a copy of this object, whatever policies and other marks say. Throws a `TypeError` for what is
 * no object; a function cannot be copied.
 */
export function byValue<T extends object>(value: T): T {
  return mark(value, 'value', 'byValue') as T;
}

function mark(value: unknown, passing: Passing, how: string): unknown {
  const marked = withoutMark(value);
  const isObject = typeof marked === 'object' && marked !== null;
  if (isObject || typeof marked === 'function') return new Marked(marked, passing);
  throw misuse(`what ${how} marks`, marked, 'an object or a function');
}

export const natural: PassingPolicy = Object.freeze({ types: [] });

/** A policy that is told later what it is. */
export function createPolicy(): PassingPolicy & { adopt(told: PassingPolicy): void } {
  let current = natural;
  return {
    get types() {
      return current.types;
    },
    get objects() {
      return current.objects;
    },
    adopt: told => {
      current = told;
    },
  };
}

/**
 * Decides for one object: what the call says, then the rule of the nearest class, then the session's
 * default. Functions always go by reference.
 */
export function decidePassing(
  value: object,
  policy: PassingPolicy,
  ofCall: Passing | undefined,
): PassingDecision {
  if (value instanceof Marked) return { passing: value.passing, source: 'mark' };
  if (typeof value === 'function') return { passing: 'reference', source: 'nature' };
  if (isAtom(value)) return { passing: 'value', source: 'nature' };
  if (ofCall) return { passing: ofCall, source: 'call' };
  const rule = nearestRule(value, policy.types);
  if (rule) return { passing: rule.passing, source: 'type', type: typeNameOf(rule) };
  if (policy.objects) return { passing: policy.objects, source: 'session' };
  return { passing: isData(value) ? 'value' : 'reference', source: 'nature' };
}

/** Classes whose objects hold nothing that could be shared: they are copied, whatever the policies say. */
const atoms: readonly AnyClass[] = [
  Date,
  RegExp,
  Error,
  ArrayBuffer,
  Boolean,
  Number,
  String,
  BigInt as never,
];

/** What the classes of all typed arrays extend. */
const bytesView = Object.getPrototypeOf(Uint8Array) as AnyClass;

const containers: readonly AnyClass[] = [Map, Set];

/** Of data that is of no class of its own: looking at these is all that most values need. */
const usualPrototypes: ReadonlySet<unknown> = new Set([
  null,
  Object.prototype,
  ...[...containers, ...atoms].map(({ prototype }) => prototype as unknown),
]);

function isAtom(value: object): boolean {
  return ArrayBuffer.isView(value) || atoms.some(type => value instanceof type);
}

/** Whether no rule decides how objects of a class cross: functions stay where they are, and atoms are copied. */
export function isBeyondRules(type: AnyClass): boolean {
  const { prototype } = type as { prototype?: unknown };
  const classes = [Function, bytesView, DataView, ...atoms];
  return classes.some(one => type === one || prototype instanceof one);
}

/** Whether an object is copied by its nature: plain objects, containers, and what holds nothing live. */
export function isData(value: object): boolean {
  if (usualPrototypes.has(Object.getPrototypeOf(value))) return true;
  // A list may be of another realm.
  return Array.isArray(value) || containers.some(type => value instanceof type) || isAtom(value);
}

function nearestRule(value: object, rules: readonly TypeRule[]): TypeRule | undefined {
  if (rules.length === 0) return undefined;
  for (
    let prototype: unknown = Object.getPrototypeOf(value);
    typeof prototype === 'object' && prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const { constructor } = prototype as { constructor?: { name?: unknown } };
    const rule = rules.find(({ type }) =>
      typeof type === 'string' ? type === constructor?.name : type === constructor,
    );
    if (rule) return rule;
  }
  return undefined;
}

/** The name by which the other side knows the class of a rule. */
export function typeNameOf({ type }: TypeRule): string {
  return typeof type === 'string' ? type : type.name;
}
