import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isWithin } from '../../../server/node/isWithin.ts';
import { isRecord } from '../../../server/shared/base/plainData.ts';
import type { ServerMessage } from '../../sessions/servers/serverMessage.ts';

/** Who wants an edit: the server by itself, or a person who accepts what it offers. */
type Asker = 'server' | 'person';

/**
 * The first document that an edit of the protocol would touch and must not, as the server names it: one that
 * really lies in none of the folders; what git runs; and, unless a person edits just its text, what the
 * editor runs. A server may change its project, and not by that way be more than it is.
 */
export function foreignDocument(
  edit: unknown,
  folders: readonly string[],
  asker: Asker,
): string | undefined {
  const roots = folders.map(realPlace);
  const mayTouch = (uri: string, isText: boolean) => {
    if (uri.startsWith('untitled:')) return true; // one that was never saved belongs to the editor
    const file = fileOf(uri);
    if (file === undefined) return false;
    const parts = file.split(path.sep);
    if (parts.includes('.git')) return false;
    const isRun = parts.some(part => ranByEditor.has(part)) || file.endsWith('.code-workspace');
    if (isRun && !(isText && asker === 'person')) return false;
    return roots.some(root => isWithin(file, root));
  };
  return touchedBy(edit).find(({ uri, isText }) => !mayTouch(uri, isText))?.uri;
}

/** Folders whose files tell the editor, or tools of git, what to run. */
const ranByEditor: ReadonlySet<string> = new Set(['.devcontainer', '.husky', '.vscode']);

interface Touched {
  readonly uri: string;
  /** Whether it is there and gets other text. */
  readonly isText: boolean;
}

function touchedBy(edit: unknown): readonly Touched[] {
  if (!isRecord(edit)) return [];
  const { changes, documentChanges } = edit;
  const inChanges = isRecord(changes) ? Object.keys(changes) : [];
  return [
    ...inChanges.map(uri => ({ uri, isText: true })),
    ...(Array.isArray(documentChanges) ? documentChanges : []).filter(isRecord).flatMap(change => {
      const { textDocument, uri, oldUri, newUri } = change;
      const text = isRecord(textDocument) ? [textDocument['uri']] : [];
      return [
        ...text.map(one => ({ uri: nameOf(one), isText: true })),
        ...[uri, oldUri, newUri]
          .filter(one => one !== undefined)
          .map(one => ({ uri: nameOf(one), isText: false })),
      ];
    }),
  ];
}

/** What is no address leads nowhere. */
function nameOf(uri: unknown): string {
  return typeof uri === 'string' ? uri : JSON.stringify(uri);
}

/** Where the file is, or would be, behind all links; undefined for what is no file of this machine. */
function fileOf(uri: string): string | undefined {
  try {
    return realPlace(fileURLToPath(uri));
  } catch {
    return undefined;
  }
}

function realPlace(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realPlace(parent), path.basename(file));
  }
}

/** JSON-RPC and the Language Server Protocol: the request was understood and cannot be fulfilled. */
const requestFailed = -32_803;

/** Requests whose answers hold edits. */
const offeringEdits: ReadonlySet<string> = new Set([
  'codeAction/resolve',
  'textDocument/codeAction',
  'textDocument/rename',
]);

export function offersEdits({ method }: ServerMessage): boolean {
  return offeringEdits.has(method ?? '');
}

/**
 * An answer to such a request without edits that a server may not make: a code action loses its edit and
 * tells why, a renaming fails. Undefined when there is nothing to refuse.
 */
export function withoutForeignEdits(
  answer: ServerMessage,
  folders: readonly string[],
): { readonly answer: ServerMessage; readonly foreign: string } | undefined {
  const { result } = answer;
  const foreign = foreignDocument(result, folders, 'person');
  if (foreign !== undefined) {
    const error = { code: requestFailed, message: refusal(foreign) };
    return { answer: { jsonrpc: answer.jsonrpc, id: answer.id ?? null, error }, foreign };
  }
  const offerings: readonly unknown[] = Array.isArray(result) ? result : [result];
  const found = offerings.map(one =>
    isRecord(one) ? foreignDocument(one['edit'], folders, 'person') : undefined,
  );
  const first = found.find(document => document !== undefined);
  if (first === undefined) return undefined;
  const guarded = offerings.map((one, index) => {
    const refused = found[index];
    if (refused === undefined) return one;
    return { ...(one as object), edit: undefined, disabled: { reason: refusal(refused) } };
  });
  const guardedResult = Array.isArray(result) ? guarded : guarded[0];
  return { answer: { ...answer, result: guardedResult }, foreign: first };
}

export function refusal(foreign: string): string {
  return `Greenroom refused the edit: a language server may not change ${foreign}`;
}
