import path from 'node:path';
import { misuse, outOfRange } from '../../server/shared/base/misuse.ts';
import { longestDelayMs } from '../../server/shared/base/platform.ts';
import { assertKnown, assertPassing, assertSignal } from '../../server/shared/rpc/callOptions.ts';
import {
  isBeyondRules,
  type AnyClass,
  type PassingPolicy,
} from '../../server/shared/rpc/values/policy.ts';

/** What a session can run on. */
const runtimes = ['node', 'python'] as const;

/** What a caller says about the session it wants. Everything but the key has a default. */
export interface OpenSessionOptions {
  /** Callers with the same key and the same options share a process; with others, they are told. */
  readonly shareKey: string;
  /** What the modules are written for; `node` if absent. */
  readonly runtime?: (typeof runtimes)[number];
  /** The Python that runs a `python` session; `python3` of the PATH if absent. */
  readonly interpreter?: string;
  /** Loaded as soon as the session is there; the same as calling `load` first. */
  readonly module?: string | URL;
  /** Where it works, and the project that it reads: needed unless `confinement.mode` is `off`. */
  readonly cwd?: string;
  /** How objects cross, beyond their nature. */
  readonly policies?: Partial<PassingPolicy>;
  /** How long the session stays warm without callers; 0 ends it with the last. 15 minutes if absent. */
  readonly keepaliveMs?: number;
  /** Resident memory beyond which the session is ended, in MiB. 2,048 if absent. */
  readonly memoryLimitMb?: number;
  /** What its modules may touch beside `cwd`; as the user's setting says, if absent. */
  readonly confinement?: ConfinementOptions;
  /**
   * How many processes there may be under the key; 1 if absent. Whoever opens a session gets the one
   * with the fewest callers, another one as long as all have some, and stays with it.
   */
  readonly maxReplicas?: number;
  readonly signal?: AbortSignal;
}

/** `required`: no session without. `preferred`: as much as this machine can do. */
export type ConfinementMode = (typeof modes)[number];

/** The session reads the project of `cwd` and what is named here; it changes nothing, and has no network. */
export interface ConfinementOptions {
  /** As the setting `greenroom.confinement` says, if absent; `preferred` on plain Node. */
  readonly mode?: ConfinementMode;
  /** Absolute paths of files and folders that it reads beside `cwd`. */
  readonly readable?: readonly string[];
  /** Whether it may start programs, which are confined with it. */
  readonly needsChildren?: boolean;
  /** Whether it gets a folder for temporary files, which only it sees and which goes with it. */
  readonly needsScratch?: boolean;
}

const names = new Set<keyof OpenSessionOptions>([
  'shareKey',
  'runtime',
  'interpreter',
  'module',
  'cwd',
  'policies',
  'keepaliveMs',
  'memoryLimitMb',
  'confinement',
  'maxReplicas',
  'signal',
]);

const confinementNames = new Set<keyof ConfinementOptions>([
  'mode',
  'readable',
  'needsChildren',
  'needsScratch',
]);
const policyNames = new Set<keyof PassingPolicy>(['types', 'objects']);
const ruleNames = new Set<keyof PassingPolicy['types'][number]>(['type', 'passing']);

const modes = ['required', 'preferred', 'off'] as const;

/** Throws a `TypeError` or `RangeError` that names the option, what was given and what it takes. */
export function assertOpenSessionOptions(options: OpenSessionOptions): void {
  assertKnown('openSession', options, names);
  const { shareKey, runtime, interpreter, module, cwd, policies } = options;
  const { keepaliveMs, memoryLimitMb, maxReplicas, signal } = options;
  assertText('shareKey', shareKey);
  if (runtime !== undefined && !runtimes.includes(runtime)) {
    throw misuse('runtime', runtime, runtimes.map(name => `'${name}'`).join(' or '));
  }
  if (interpreter !== undefined) assertText('interpreter', interpreter);
  if (interpreter !== undefined && runtime !== 'python') {
    throw misuse('interpreter', interpreter, "nothing where the runtime is not 'python'");
  }
  if (module instanceof URL) assertFileUrl(module);
  else if (module !== undefined) assertText('module', module);
  if (cwd !== undefined) assertText('cwd', cwd);
  if (policies !== undefined) assertPolicies(policies);
  if (options.confinement !== undefined) assertConfinement(options.confinement);
  if (keepaliveMs !== undefined) assertWholeNumber('keepaliveMs', keepaliveMs, 0, longestDelayMs);
  if (memoryLimitMb !== undefined) assertWholeNumber('memoryLimitMb', memoryLimitMb, 64);
  if (maxReplicas !== undefined) assertWholeNumber('maxReplicas', maxReplicas, 1, 64);
  assertSignal(signal);
}

/** Throws a `TypeError` for what is not on this machine. */
export function assertFileUrl(url: URL): void {
  if (url.protocol !== 'file:') throw misuse('module', url.href, 'an absolute path or a file URL');
}

function assertPolicies(given: unknown): void {
  if (typeof given !== 'object' || given === null) throw misuse('policies', given, 'an object');
  assertKnown('policies', given, policyNames);
  const { types, objects } = given as { types?: unknown; objects?: unknown };
  assertPassing('policies.objects', objects);
  if (types === undefined) return;
  if (!Array.isArray(types)) throw misuse('policies.types', types, 'a list of rules');
  for (const [index, rule] of types.entries()) assertTypeRule(`policies.types[${index}]`, rule);
}

function assertConfinement(given: unknown): void {
  if (typeof given !== 'object' || given === null) throw misuse('confinement', given, 'an object');
  assertKnown('confinement', given, confinementNames);
  const {
    mode,
    readable = [],
    needsChildren = false,
    needsScratch = false,
  } = given as Record<string, unknown>;
  if (mode !== undefined && !modes.includes(mode as ConfinementMode)) {
    throw misuse('confinement.mode', mode, modes.map(name => `'${name}'`).join(' or '));
  }
  if (!Array.isArray(readable)) {
    throw misuse('confinement.readable', readable, 'a list of absolute paths');
  }
  for (const [index, place] of readable.entries()) {
    if (!isAbsolutePath(place)) {
      throw misuse(`confinement.readable[${index}]`, place, 'an absolute path');
    }
  }
  for (const [name, need] of Object.entries({ needsChildren, needsScratch })) {
    if (typeof need !== 'boolean') throw misuse(`confinement.${name}`, need, 'true or false');
  }
}

const isAbsolutePath = (given: unknown) => typeof given === 'string' && path.isAbsolute(given);

function assertTypeRule(name: string, given: unknown): void {
  if (typeof given !== 'object' || given === null) throw misuse(name, given, 'a rule');
  assertKnown(name, given, ruleNames);
  const { type, passing } = given as { type?: unknown; passing?: unknown };
  if (typeof type !== 'string' && typeof type !== 'function') {
    throw misuse(`${name}.type`, type, 'a class or the name of one');
  }
  if (typeof type === 'function' && isBeyondRules(type as AnyClass)) {
    throw new TypeError(
      `${name}.type is ${type.name}; functions always go by reference, and dates, errors, regular expressions and bytes by value`,
    );
  }
  if (passing === undefined) throw misuse(`${name}.passing`, passing, "'value' or 'reference'");
  assertPassing(`${name}.passing`, passing);
}

/** Throws a `TypeError` for what is no text, an empty one, or one that UTF-8 cannot hold. */
export function assertText(name: string, given: unknown): void {
  const isText = typeof given === 'string' && given !== '';
  if (!isText) throw misuse(name, given, 'a text that is not empty');
  if (!given.isWellFormed()) throw misuse(name, given, 'a text without halves of characters');
}

function assertWholeNumber(
  name: string,
  given: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(given) && (given as number) >= least && (given as number) <= most)
    return;
  throw outOfRange(name, given, `a whole number from ${least} to ${most}`);
}
