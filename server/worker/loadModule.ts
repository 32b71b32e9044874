import fs from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { GreenroomError } from '../shared/errors.ts';
import { messageOf } from '../shared/toldErrors.ts';
import { isPromise, isThenable } from '../shared/rpc/thenables.ts';
import { byRef, isData } from '../shared/rpc/values/policy.ts';
import { syntaxErrorPlace } from './syntaxErrorPlace.ts';

/**
 * Loads a module by absolute path, and answers with one of its exports, or with all of them, by
 * reference. Throws `tool.load`, saying what is wrong.
 */
export async function loadModule(file: unknown, exportName: unknown): Promise<object> {
  if (typeof file !== 'string' || !path.isAbsolute(file)) {
    throw new GreenroomError('tool.load', 'a module is loaded by its absolute path');
  }
  await assertReadable(file);
  const { exports } = await importModule(file);
  if (exportName === undefined) return byRef(isLive(exports) ? exports : namespaceOf(exports));
  const name = typeof exportName === 'string' ? exportName : '';
  const named = namespaceOf(exports);
  const value = Object.hasOwn(named, name) ? named[name] : undefined;
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
    return byRef(value);
  }
  throw new GreenroomError('tool.load', `${file} exports no object or function '${name}'`);
}

const whatIsRead = 'a confined one reads its project and what `confinement.readable` names';

/**
 * The host has seen it; a confined session may see less. It has to be opened: some of what confines a
 * session lets it see what it may not read.
 */
async function assertReadable(file: string): Promise<void> {
  try {
    if (fs.statSync(file).isFile()) fs.closeSync(fs.openSync(file, 'r'));
  } catch (cause) {
    if (!isAbsent(cause) && !isRefused(cause)) throw await failure(file, cause);
    throw new GreenroomError(
      'tool.load',
      `could not load ${file}: it is not there, or not for this session: ${whatIsRead}`,
    );
  }
}

/** In an object of its own: what has a method `then` would be awaited, and a query run. */
interface Loaded {
  readonly exports: unknown;
}

/** Requiring loads both kinds of module, and much faster; only an asynchronous one must be imported. */
async function importModule(file: string): Promise<Loaded> {
  try {
    const exports = createRequire(file)(file) as unknown;
    return { exports: isThenable(exports) && isPromise(exports) ? await exports : exports };
  } catch (cause) {
    if (isImportOnly(cause)) return importAsynchronously(file);
    throw await failure(file, cause);
  }
}

async function importAsynchronously(file: string): Promise<Loaded> {
  try {
    return { exports: (await import(pathToFileURL(file).href)) as unknown };
  } catch (cause) {
    throw await failure(file, cause);
  }
}

/** It waits at its top level, or this Node cannot require such modules yet. */
function isImportOnly(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown };
  return code === 'ERR_REQUIRE_ASYNC_MODULE' || code === 'ERR_REQUIRE_ESM';
}

/** A function, a class or an object of one, which a CommonJS module has put in place of its exports. */
function isLive(exports: unknown): exports is object {
  if (typeof exports === 'function') return true;
  return (
    typeof exports === 'object' && exports !== null && !isNamespace(exports) && !isData(exports)
  );
}

/** All exports by their names, as importing would give them. */
function namespaceOf(exports: unknown): Readonly<Record<string, unknown>> {
  return isNamespace(exports) ? exports : { ...(exports as object), default: exports };
}

function isNamespace(exports: unknown): exports is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(exports) === '[object Module]';
}

async function failure(file: string, cause: unknown): Promise<GreenroomError> {
  const more = isRefused(cause)
    ? `; is that for this session? ${whatIsRead}`
    : await whereUnparsed(file, cause);
  const message = `could not load ${file}: ${messageOf(cause)}${more}`;
  return new GreenroomError('tool.load', message, { cause });
}

function isAbsent(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown };
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** It wants to read something else that it may not. */
function isRefused(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown };
  return code === 'EACCES' || code === 'EPERM' || code === 'ERR_ACCESS_DENIED';
}

/** Of what is required, the stack tells it. */
async function whereUnparsed(file: string, cause: unknown): Promise<string> {
  if (!(cause instanceof SyntaxError)) return '';
  const [first = ''] = cause.stack?.split('\n') ?? [];
  const place = /^.+:\d+$/u.test(first) ? first : await syntaxErrorPlace(file);
  return place === undefined ? '' : ` (${place})`;
}
