import { isDeepStrictEqual } from 'node:util';
import type { ServerEntry } from './serverEntry.ts';

/** Beside how it is run and for which documents; whether it is on, each folder says for itself. */
const alike = [
  'args',
  'initializationOptions',
  'settingsSection',
  'childProcesses',
  'trace',
] as const satisfies readonly (keyof ServerEntry)[];

/** The members, as users write them, about which two entries of one server say something else. */
export function disagreements(one: ServerEntry, other: ServerEntry): readonly string[] {
  const differs = (member: keyof ServerEntry) => !isDeepStrictEqual(one[member], other[member]);
  const both = [one, other];
  const names = [
    ...(differs('run') ? both.flatMap(runMember) : []),
    ...(differs('selectors') ? both.map(selectorMember) : []),
    ...alike.filter(differs),
  ];
  return [...new Set(names)];
}

/** One that is known by its name needs no member for that. */
function runMember({ run }: ServerEntry): readonly string[] {
  return run.kind === 'readyMade' ? [] : [run.kind];
}

function selectorMember({ selectors }: ServerEntry): string {
  const isPlain = selectors.every(({ pattern, scheme }) => (pattern ?? scheme) === undefined);
  return isPlain ? 'languages' : 'selectors';
}
