import * as v from 'valibot';
import { entryMembers, memberNames } from './entryMembers.ts';
import { findReadyMade, type ReadyMadeServer } from './readyMade.ts';
import { quoted } from './quoted.ts';
import { chooseRun, type ServerRun } from './serverRun.ts';
import { chooseSelectors, type ServerSelector } from './serverSelector.ts';

export type { ServerRun, ServerSelector };

/** One language server that the user wants, valid. None has the network. */
export interface ServerEntry {
  readonly name: string;
  readonly enable: boolean;
  readonly run: ServerRun;
  /** The one of the catalogue that it is, also where the user says how to run it. */
  readonly readyMade: ReadyMadeServer | undefined;
  readonly args: readonly string[];
  /** Never empty. */
  readonly selectors: readonly ServerSelector[];
  /** Folders whose entries of this name have the same key share one server. */
  readonly shareKey: string | undefined;
  readonly initializationOptions: unknown;
  readonly settingsSection: string | undefined;
  /** One server for all folders, instead of one for each. */
  readonly workspaceScoped: boolean;
  /** Whether it may start processes of its own. */
  readonly childProcesses: boolean;
  readonly trace: 'off' | 'messages' | 'verbose';
}

/** What is wrong with an entry, and what to do. */
export interface EntryProblem {
  readonly name?: string;
  readonly index: number;
  readonly message: string;
}

export interface ServerEntries {
  readonly entries: readonly ServerEntry[];
  readonly problems: readonly EntryProblem[];
}

type Report = (message: string) => void;

/** Reads the setting. What cannot be used is reported; the rest is kept. */
export function parseServerEntries(
  raw: unknown,
  knownLanguages: ReadonlySet<string>,
): ServerEntries {
  const items: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const entries = new Map<string, ServerEntry>();
  const problems: EntryProblem[] = [];
  for (const [index, item] of items.entries()) {
    const name = nameOf(item);
    const report = (message: string) => {
      problems.push(name === undefined ? { index, message } : { name, index, message });
    };
    if (name !== undefined && entries.has(name)) {
      report(`There is a server of the name "${name}" already; give this one another name.`);
      continue;
    }
    const entry = parseEntry(item, knownLanguages, report);
    if (entry) entries.set(entry.name, entry);
  }
  return { entries: [...entries.values()], problems };
}

function parseEntry(
  item: unknown,
  knownLanguages: ReadonlySet<string>,
  report: Report,
): ServerEntry | undefined {
  if (nameOf(item) === undefined) {
    report('It has no name. Write an object with one: { "name": "yaml-language-server" }.');
    return undefined;
  }
  const parsed = v.safeParse(entryMembers, item);
  if (!parsed.success) {
    for (const [member, form] of Object.entries(v.flatten(parsed.issues).nested ?? {})) {
      report(`"${member.split('.')[0]}" must be ${form?.[0]}. The server is not started.`);
    }
    return undefined;
  }
  for (const member of Object.keys(item as object).filter(key => !memberNames.has(key))) {
    report(`"${member}" means nothing here and is ignored; there are ${quoted(memberNames)}.`);
  }
  const members = parsed.output;
  const readyMade = findReadyMade(members.name);
  const run = chooseRun(members, readyMade, report);
  const selectors = run && chooseSelectors(members, readyMade, knownLanguages, report);
  if (!run || !selectors) return undefined;
  return {
    name: members.name,
    enable: members.enable ?? true,
    run,
    readyMade,
    args: members.args ?? readyMade?.args ?? [],
    selectors,
    shareKey: members.shareKey,
    initializationOptions:
      members.initializationOptions === undefined
        ? readyMade?.initializationOptions
        : members.initializationOptions,
    settingsSection: members.settingsSection ?? readyMade?.settingsSection,
    workspaceScoped: members.workspaceScoped ?? false,
    childProcesses: members.childProcesses ?? readyMade?.needs.children ?? true,
    trace: members.trace ?? 'off',
  };
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('name' in item)) return undefined;
  return typeof item.name === 'string' && item.name.trim() !== '' ? item.name : undefined;
}
