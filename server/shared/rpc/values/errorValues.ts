import { byValue } from './policy.ts';
import { propertyStep } from './unsendable.ts';

type ErrorClass = new (message?: string, options?: ErrorOptions) => Error;

/** The classes of the language, which an error has on the other side as well. */
const classes: Readonly<Record<string, ErrorClass>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const known = new Set(['name', 'message', 'stack', 'cause']);

/**
 * What an error consists of beside its class, its own properties among it. Policies hold for what these
 * are, not for the lists that hold them.
 */
export function describeError(error: Error): object {
  const own = Object.fromEntries(Object.entries(error).filter(([name]) => !known.has(name)));
  return {
    message: String(error.message),
    ...(typeof error.stack === 'string' && { stack: error.stack }),
    ...('cause' in error && { cause: error.cause }),
    ...(error instanceof AggregateError && { errors: listByValue(error.errors) }),
    ...(Object.keys(own).length > 0 && { own: byValue(own) }),
  };
}

/** Somebody may have put something else there. */
/** To the part of that name: its own properties are together under a name of ours. */
export function errorStep(name: string): string {
  return name === 'own' ? '' : propertyStep(name);
}

function listByValue(errors: unknown): unknown {
  return Array.isArray(errors) ? byValue(errors) : errors;
}

/** An error of the class where the language has it, else with its name; the rest is filled in later. */
export function createError(name: string, isAggregate: boolean): Error {
  const type = Object.hasOwn(classes, name) ? classes[name] : undefined;
  const error = withoutStack(() => (isAggregate ? new AggregateError([]) : new (type ?? Error)()));
  if (error.name !== name) define(error, 'name', name);
  return error;
}

/** Gives an error what {@link describeError} has told of it. */
export function fillError(error: Error, fields: Readonly<Record<string, unknown>>): void {
  for (const name of ['message', 'stack', 'cause', 'errors']) {
    if (Object.hasOwn(fields, name)) define(error, name, fields[name]);
  }
  const { own } = fields;
  if (typeof own !== 'object' || own === null) return;
  for (const [name, value] of Object.entries(own)) define(error, name, value, true);
}

/** Its own comes with it; the one of this place would only cost time. */
function withoutStack(create: () => Error): Error {
  const engine = Error as { stackTraceLimit?: number };
  const limit = engine.stackTraceLimit ?? 0;
  engine.stackTraceLimit = 0;
  try {
    return create();
  } finally {
    engine.stackTraceLimit = limit;
  }
}

function define(error: Error, name: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true });
}
