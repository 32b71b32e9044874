import * as v from 'valibot';
import { forbidden } from './confinement.ts';
import { violation } from './violation.ts';

const hello = v.object({
  /** Version of the protocol that the worker speaks. */
  protocol: v.number(),
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** `node` or `python`. */
  runtime: v.pipe(v.string(), v.maxLength(200)),
  runtimeVersion: v.pipe(v.string(), v.maxLength(200)),
  /** What it was asked to try and should not have been able to do; absent when it was not asked. */
  succeeded: v.optional(v.array(v.picklist(forbidden))),
});

/** The first message of a worker. */
export type Hello = v.InferOutput<typeof hello>;

const passing = v.picklist(['value', 'reference']);

const welcome = v.object({
  /** Folder of the shared memory of this session; absent where there is none. */
  segments: v.optional(v.string()),
  /** How the worker's objects go to the host: the rules by name of class, then the default. */
  types: v.optional(v.array(v.object({ type: v.string(), passing }))),
  objects: v.optional(passing),
});

/** The first message of a host: what holds for this session. */
export type Welcome = v.InferOutput<typeof welcome>;

/** Throws `protocol.violation`. */
export function parseHello(raw: unknown): Hello {
  return parse(hello, raw, 'hello');
}

/** Throws `protocol.violation`. */
export function parseWelcome(raw: unknown): Welcome {
  return parse(welcome, raw, 'welcome');
}

function parse<S extends v.GenericSchema>(schema: S, raw: unknown, what: string) {
  const parsed = v.safeParse(schema, raw);
  if (!parsed.success) throw violation(`a ${what} that is none: ${parsed.issues[0].message}`);
  return parsed.output;
}
