import type { EntryMembers } from './entryMembers.ts';
import { quoted } from './quoted.ts';
import type { ReadyMadeServer } from './readyMade.ts';

/** Which documents a server is told of: those that fit all that is given. */
export interface ServerSelector {
  readonly language?: string;
  readonly pattern?: string;
  readonly scheme?: string;
}

/**
 * The documents that an entry names, or its ready-made ones. Languages that the editor does not know are
 * reported and left out; undefined, after a report, where none is left.
 */
export function chooseSelectors(
  { languages, selectors }: EntryMembers,
  readyMade: ReadyMadeServer | undefined,
  knownLanguages: ReadonlySet<string>,
  report: (message: string) => void,
): readonly ServerSelector[] | undefined {
  const given = [...(languages ?? []).map(language => ({ language })), ...(selectors ?? [])];
  if (given.length === 0) {
    if (readyMade) return readyMade.languages.map(language => ({ language }));
    report('It serves no document: give it "languages", such as ["yaml"], or "selectors".');
    return undefined;
  }
  const isKnown = ({ language }: { readonly language?: string | undefined }) =>
    language === undefined || knownLanguages.has(language);
  const unknown = given.filter(one => !isKnown(one)).map(({ language }) => language!);
  const kept = given.filter(isKnown).map(withoutAbsent);
  if (unknown.length > 0) {
    const rest = kept.length > 0 ? 'It serves the others' : 'None is left, so it is not started';
    report(
      `The editor knows no language ${quoted(new Set(unknown))}. ${rest}; ` +
        'correct the identifier, or install the extension that brings the language.',
    );
  }
  return kept.length > 0 ? kept : undefined;
}

function withoutAbsent(parts: Readonly<Record<string, string | undefined>>): ServerSelector {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}
