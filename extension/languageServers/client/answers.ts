import * as vscode from 'vscode';
import type { ConfigurationParams } from 'vscode-languageclient/node';
import type { ServerEntry } from '../serverEntry.ts';

/** Settings of the editor that say how text is to look. */
const editorSections: ReadonlySet<string> = new Set(['editor', 'files', 'formattingOptions']);

/**
 * What a server is told of the user's settings: its own, those that say how text is to look, and those that
 * no extension has brought, which are there for it. Settings of others may hold what is theirs alone.
 */
export function mayBeTold({ name, settingsSection, readyMade }: ServerEntry, section: string) {
  const own = [name, settingsSection, ...Object.keys(readyMade?.answers?.(anyFolder) ?? {})];
  const isOwn = own.some(one => one && (section === one || section.startsWith(`${one}.`)));
  if (isOwn || editorSections.has(section) || /^\[.+\]$/u.test(section)) return true;
  return section !== '' && !contributedSections().has(section.split('.')[0]!);
}

const anyFolder = { uri: '', name: '' };

interface Contributor {
  readonly contributes?: { readonly configuration?: unknown };
}

interface Contribution {
  readonly properties?: object;
}

/** The first parts of the names of all settings that the editor and its extensions have. */
function contributedSections(): ReadonlySet<string> {
  const contributions = vscode.extensions.all.flatMap(({ packageJSON }) => {
    const configuration = (packageJSON as Contributor).contributes?.configuration ?? [];
    return (Array.isArray(configuration) ? configuration : [configuration]) as Contribution[];
  });
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
  return items.map(({ section = '' }, index) => {
    const set = section !== '' && mayBeTold(entry, section) ? all[index] : undefined;
    const answer = answers[section];
    if (answer === undefined) return set ?? null;
    // What the user has set comes first, member by member.
    return isObject(answer) && isObject(set) ? { ...answer, ...set } : (set ?? answer);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
