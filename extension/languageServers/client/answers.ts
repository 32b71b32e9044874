import type { ConfigurationParams } from 'vscode-languageclient/node';
import { isRecord } from '../../../server/shared/base/plainData.ts';
import { editorContributions } from '../editorContributions.ts';
import type { ServerEntry } from '../serverEntry.ts';

/** Settings of the editor that say how text is to look. */
const editorSections: ReadonlySet<string> = new Set(['editor', 'files', 'formattingOptions']);

/**
 * What a server is told of the user's settings: its own, those that say how text is to look, and those that
 * no extension has brought, which are there for it. Settings of others may hold what is theirs alone.
 */
export function mayBeTold(
  { name, settingsSection, readyMade }: ServerEntry,
  section: string,
  contributed = contributedSections,
): boolean {
  const own = [name, settingsSection, ...Object.keys(readyMade?.answers?.(anyFolder) ?? {})];
  const isOwn = own.some(one => one && (section === one || section.startsWith(`${one}.`)));
  if (isOwn || editorSections.has(section) || /^\[.+\]$/u.test(section)) return true;
  return section !== '' && !contributed().has(section.split('.')[0]!);
}

const anyFolder = { uri: '', name: '' };

interface Contribution {
  readonly properties?: object;
}

/** The first parts of the names of all settings that the editor and its extensions have. */
function contributedSections(): ReadonlySet<string> {
  const contributions = editorContributions<Contribution>('configuration');
  const keys = contributions.flatMap(({ properties }) => Object.keys(properties ?? {}));
  return new Set([...ofEditor, ...keys.map(key => key.split('.')[0]!)]);
}

/** The editor's own, which no extension brings. */
const ofEditor = ['http', 'remote', 'security', 'telemetry', 'terminal', 'window', 'workbench'];

/** The answers to a server's questions, `settings`, with what is answered where the user has set nothing. */
export function answersFor(
  { items }: ConfigurationParams,
  settings: unknown,
  entry: ServerEntry,
  answers: Readonly<Record<string, unknown>>,
): unknown[] {
  const all: readonly unknown[] = Array.isArray(settings) ? settings : [];
  let sections: ReadonlySet<string> | undefined;
  const contributed = () => (sections ??= contributedSections()); // many are read for that
  return items.map(({ section = '' }, index) => {
    const set = mayBeTold(entry, section, contributed) ? all[index] : undefined;
    const answer = answers[section];
    if (answer === undefined) return set ?? null;
    // What the user has set comes first, member by member.
    return isRecord(answer) && isRecord(set) ? { ...answer, ...set } : (set ?? answer);
  });
}
