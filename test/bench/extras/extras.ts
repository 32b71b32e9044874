import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type * as Activation from '../activation.ts';
import { repository } from '../paths.ts';
import type * as FirstCompletion from './firstCompletion.ts';
import { callingConfined, endingForMemory, startingConfined } from './confinement.ts';
import { eslintTool } from './eslintTool.ts';
import { firstFormat } from './firstFormat.ts';
import { leastPossible } from './least.ts';
import { memoryAfterCalls } from './memoryAfterCalls.ts';
import { afterCrash, memoryAfterCrashes, startingTogether } from './recovery.ts';
import { pythonTools } from './pythonTools.ts';
import { residentMemory } from './residentMemory.ts';
import { serverMemory } from './serverMemory.ts';
import { serverRequests } from './serverRequests.ts';

type Rows = Readonly<Record<string, number>>;

interface Extra {
  readonly title: string;
  readonly measure: () => Promise<Rows>;
}

/** What has no peers to be compared with, by the name that is given on the command line. */
export const extras: Readonly<Record<string, Extra>> = {
  memory: { title: 'Memory in one session (MiB)', measure: memoryAfterCalls },
  least: {
    title: 'Beside the least that is possible (ms, medians of 20)',
    measure: () => leastPossible(20),
  },
  prettier: {
    title: 'Formatting 1,000 lines (ms, medians of 20)',
    measure: () => firstFormat(20),
  },
  resident: { title: 'Resident memory (MiB)', measure: residentMemory },
  crash: {
    title: 'Beyond loading and running the tool (ms, medians of 20)',
    measure: () => afterCrash(20),
  },
  together: { title: 'Starting together (medians of 10)', measure: () => startingTogether(10) },
  crashes: { title: 'Memory after crashes (MiB)', measure: memoryAfterCrashes },
  eslint: { title: 'ESLint (ms, medians of 20)', measure: () => eslintTool(20) },
  python: { title: 'Python tools (ms, medians of 20)', measure: () => pythonTools(20) },
  confinedStart: {
    title: 'Starting a session (ms, medians of 30)',
    measure: () => startingConfined(30),
  },
  confinedCalls: {
    title: 'A tiny call (µs, medians of 30 slices)',
    measure: () => callingConfined(30),
  },
  memoryCap: { title: 'Too much memory (ms, median of 10)', measure: () => endingForMemory(10) },
  activation: {
    title: 'VS Code',
    measure: async () => ({ 'activation (ms, median of 9)': await activation() }),
  },
  servers: {
    title: 'From opening a document to the first completion (ms, medians of 10)',
    measure: () => firstCompletion(10),
  },
  serverRequests: {
    title: 'A hover request (µs, medians of 2,000)',
    measure: () => serverRequests(2_000),
  },
  serverMemory: { title: 'Language servers with one document (MiB)', measure: serverMemory },
};

export async function printExtras(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { title, measure } = extras[name]!;
    print(title, await measure());
  }
}

async function activation(): Promise<number> {
  const { benchActivation } = await importAsIs<typeof Activation>('activation.ts');
  return benchActivation(9);
}

async function firstCompletion(rounds: number): Promise<Rows> {
  const program = await importAsIs<typeof FirstCompletion>('extras/firstCompletion.ts');
  return program.firstCompletion(rounds);
}

/** Not bundled: it drives a VS Code with the help of files that lie beside its own. */
async function importAsIs<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(path.join(repository, 'test/bench', file)).href)) as T;
}

function print(title: string, rows: Rows): void {
  console.log(`\n${title}`);
  for (const [name, value] of Object.entries(rows)) {
    console.log(`  ${name.padEnd(52)} ${value.toFixed(value < 10 ? 2 : 1).padStart(9)}`);
  }
}
