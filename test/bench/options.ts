import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly wantsHelp: boolean;
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly regimes: readonly string[];
  readonly json: string | undefined;
  readonly extras: readonly string[];
}

/** Throws an error that tells what is wrong, and what there is to choose from. */
export function parseOptions(
  args: readonly string[],
  known: readonly string[],
  knownExtras: readonly string[],
): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      regimes: { type: 'string' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      extras: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick: isQuick, json } = values;
  const extras = values.extras === undefined ? [] : choose('extras', values.extras, knownExtras);
  if (json !== undefined) assertWritable(json);
  return {
    wantsHelp: values.help,
    rounds: parseRounds(values.rounds ?? (isQuick ? '2' : '5')),
    regimes: chooseRegimes(values.regimes, known, extras.length > 0),
    isQuick,
    extras,
    json,
  };
}

/** What the options are, and what there is to choose from. */
export function usage(known: readonly string[], knownExtras: readonly string[]): string {
  return `npm run bench -- [options]
  --regimes A,B   only these regimes, or all; they are
${listed(known)}
  --rounds N      so many rounds, whose medians count; 5 if absent, 2 with --quick
  --quick         shorter rounds, to see that it works
  --json FILE     writes the medians there too
  --extras A,B    more measurements; the regimes are left out unless --regimes names some. There are
${listed(knownExtras)}`;
}

function listed(names: readonly string[]): string {
  return names.map(name => `                    ${name}`).join('\n');
}

function parseRounds(text: string): number {
  const rounds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (rounds < 1) throw new Error(`--rounds takes a whole number from 1 to 9999, not '${text}'`);
  return rounds;
}

/** Whoever asks for extras only, gets them only. */
function chooseRegimes(
  text: string | undefined,
  known: readonly string[],
  hasExtras: boolean,
): readonly string[] {
  if (text !== undefined) return choose('regimes', text, known);
  return hasExtras ? [] : known;
}

function choose(option: string, text: string, known: readonly string[]): readonly string[] {
  if (text === 'all') return known;
  const names = text.split(',').map(name => name.trim());
  const unknown = names.find(name => !known.includes(name));
  if (unknown === undefined) return known.filter(name => names.includes(name));
  throw new Error(`--${option}: there is no '${unknown}'. There are:\n  ${known.join('\n  ')}`);
}

function assertWritable(file: string): void {
  const folder = path.dirname(path.resolve(file));
  const isFolder = fs.statSync(file, { throwIfNoEntry: false })?.isDirectory();
  if (file === '' || isFolder || !fs.existsSync(folder)) {
    throw new Error(`--json takes the path of a file in a folder that exists, not '${file}'`);
  }
}
