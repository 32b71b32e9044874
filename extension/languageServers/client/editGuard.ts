import { fileURLToPath } from 'node:url';
import type { ServerMessage } from '../../sessions/servers/serverMessage.ts';
import { isWithin } from '../../../server/node/isWithin.ts';

interface DocumentChange {
  readonly textDocument?: { readonly uri?: unknown };
  readonly uri?: unknown;
  readonly oldUri?: unknown;
  readonly newUri?: unknown;
}

/** A `WorkspaceEdit` of the protocol, as far as it says which documents it touches. */
interface TouchingEdit {
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly documentChanges?: readonly DocumentChange[];
}

/**
 * The first document that an edit would touch and that lies in none of the folders, as the server names
 * it. A server may change what belongs to the workspace, and nothing else.
 */
export function foreignDocument(
  { changes, documentChanges }: TouchingEdit,
  folders: readonly string[],
): string | undefined {
  const touched = [
    ...Object.keys(changes ?? {}),
    ...(Array.isArray(documentChanges) ? (documentChanges as DocumentChange[]) : []).flatMap(
      ({ textDocument, uri, oldUri, newUri }) =>
        [textDocument?.uri, uri, oldUri, newUri].filter(one => one !== undefined),
    ),
  ];
  return touched.map(String).find(uri => !folders.some(folder => liesIn(uri, folder)));
}

/** Documents that were never saved belong to the editor. */
function liesIn(uri: string, folder: string): boolean {
  if (uri.startsWith('untitled:')) return true;
  try {
    return isWithin(fileURLToPath(uri), folder);
  } catch {
    return false; // no file, or one of another machine
  }
}

/** What an action of a server offers to do. */
interface Offering {
  readonly edit?: TouchingEdit;
}

/** JSON-RPC and the Language Server Protocol: the request was understood and cannot be fulfilled. */
const requestFailed = -32_803;

/**
 * An answer without edits of what lies outside of the folders: a code action loses its edit and tells why, a
 * renaming fails. Undefined when there is nothing to refuse.
 */
export function withoutForeignEdits(
  answer: ServerMessage,
  folders: readonly string[],
): { readonly answer: ServerMessage; readonly foreign: string } | undefined {
  const { result } = answer;
  if (typeof result !== 'object' || result === null) return undefined;
  const foreign = foreignDocument(result, folders);
  if (foreign !== undefined) {
    const error = { code: requestFailed, message: refusal(foreign) };
    return { answer: { jsonrpc: answer.jsonrpc, id: answer.id ?? null, error }, foreign };
  }
  const offerings = (Array.isArray(result) ? result : [result]) as (Offering | null)[];
  const found = offerings.map(one => one?.edit && foreignDocument(one.edit, folders));
  const first = found.find(document => document !== undefined);
  if (first === undefined) return undefined;
  const guarded = offerings.map((one, index) =>
    found[index] === undefined
      ? one
      : { ...one, edit: undefined, disabled: { reason: refusal(found[index]) } },
  );
  return {
    answer: { ...answer, result: Array.isArray(result) ? guarded : guarded[0] },
    foreign: first,
  };
}

export function refusal(foreign: string): string {
  return `Greenroom refused the edit: ${foreign} lies outside of the workspace`;
}
