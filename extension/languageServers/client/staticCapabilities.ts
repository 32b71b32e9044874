import { isRecord } from '../../../server/shared/base/plainData.ts';
import type { ServerMessage } from '../../sessions/servers/serverMessage.ts';
import { commandsIn, formattingMethods, type FormattingMethod } from './registrations.ts';

export interface FormattingOffer {
  readonly method: FormattingMethod;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The answer to `initialize` as the client library is to see it, and what was taken out of it. */
export interface SplitAnswer {
  readonly answer: ServerMessage;
  readonly offers: readonly FormattingOffer[];
  readonly commands: readonly string[];
}

/**
 * Takes out of the answer what is not the server's to say: which documents each capability holds for, that
 * it formats, the names of its commands. What would tell it of more than the documents of its folders
 * (notebooks, what happens to files, contents of other schemes), and inline completions, whose commands
 * nobody could hold back, it does not get.
 */
export function splitAnswer(answer: ServerMessage): SplitAnswer {
  const { result } = answer;
  if (!isRecord(result) || !isRecord(result['capabilities'])) {
    return { answer, offers: [], commands: [] };
  }
  const { executeCommandProvider, workspace, ...offered } = result['capabilities'];
  const capabilities = Object.fromEntries(
    Object.entries(offered)
      .filter(([name]) => !(name in formattingMethods) && !withheld.has(name))
      .map(([name, value]) => [name, withoutSelector(value)]),
  );
  const offers = Object.entries(formattingMethods).flatMap(([name, method]): FormattingOffer[] => {
    const options = offered[name];
    return options ? [{ method, options: isRecord(options) ? options : {} }] : [];
  });
  const folders = isRecord(workspace) ? { workspaceFolders: workspace['workspaceFolders'] } : {};
  return {
    answer: {
      ...answer,
      result: { ...result, capabilities: { ...capabilities, workspace: folders } },
    },
    offers,
    commands: commandsIn(executeCommandProvider),
  };
}

const withheld: ReadonlySet<string> = new Set(['inlineCompletionProvider', 'notebookDocumentSync']);

function withoutSelector(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'documentSelector'));
}
