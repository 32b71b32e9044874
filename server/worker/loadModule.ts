import fs from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { GreenroomError, messageOf } from '../shared/errors.ts';
import { byRef } from '../shared/rpc/values/policy.ts';
import { syntaxErrorPlace } from './syntaxErrorPlace.ts';

/**
 * Loads a module by absolute path, and answers with one of its exports, or with all of them, by
 * reference. Throws `tool.load`, saying what is wrong.
 */
export async function loadModule(file: unknown, exportName: unknown): Promise<object> {
  if (typeof file !== 'string' || !path.isAbsolute(file)) {
    throw new GreenroomError('tool.load', 'a module is loaded by its absolute path');
  }
  // The host has seen it; a confined session may see less.
  if (!isReadable(file)) {
    throw new GreenroomError(
      'tool.load',
      `could not load ${file}: it is not there, or not for this session: ${whatIsRead}`,
    );
  }
  const exports = await importModule(file);
  if (exportName === undefined) return byRef(exports);
  const name = typeof exportName === 'string' ? exportName : '';
  const value = Object.hasOwn(exports, name) ? exports[name] : undefined;
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
    return byRef(value);
  }
  throw new GreenroomError('tool.load', `${file} exports no object or function '${name}'`);
}

const whatIsRead = 'a confined one reads its project and what `confinement.readable` names';

/** It has to be opened: some of what confines a session lets it see what it may not read. */
function isReadable(file: string): boolean {
  try {
    if (fs.statSync(file).isFile()) fs.closeSync(fs.openSync(file, 'r'));
    return true;
  } catch {
    return false; // that it cannot is the answer
  }
}

/** Requiring loads both kinds of module, and much faster; only an asynchronous one must be imported. */
async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    const exports: unknown = createRequire(file)(file);
    return isNamespace(exports) ? exports : { ...(exports as object), default: exports };
  } catch (cause) {
    if (isImportOnly(cause)) return importAsynchronously(file);
    throw await failure(file, cause);
  }
}

async function importAsynchronously(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw await failure(file, cause);
  }
}

/** It waits at its top level, or this Node cannot require such modules yet. */
function isImportOnly(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown };
  return code === 'ERR_REQUIRE_ASYNC_MODULE' || code === 'ERR_REQUIRE_ESM';
}

function isNamespace(exports: unknown): exports is Record<string, unknown> {
  return Object.prototype.toString.call(exports) === '[object Module]';
}

async function failure(file: string, cause: unknown): Promise<GreenroomError> {
  const more = isRefused(cause)
    ? `; is that for this session? ${whatIsRead}`
    : await whereUnparsed(file, cause);
  const message = `could not load ${file}: ${messageOf(cause)}${more}`;
  return new GreenroomError('tool.load', message, { cause });
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
