import { fileURLToPath } from 'node:url';
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
  { changes = {}, documentChanges = [] }: TouchingEdit,
  folders: readonly string[],
): string | undefined {
  const touched = [
    ...Object.keys(changes),
    ...documentChanges.flatMap(({ textDocument, uri, oldUri, newUri }) =>
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
