import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type * as Activation from '../activation.ts';
import { repository } from '../paths.ts';
import { callingConfined, endingForMemory, startingConfined } from './confinement.ts';
import { eslintTool } from './eslintTool.ts';
import { firstFormat } from './firstFormat.ts';
import { memoryAfterCalls } from './memoryAfterCalls.ts';
import { afterCrash, memoryAfterCrashes, startingTogether } from './recovery.ts';
import { pythonTools } from './pythonTools.ts';
import { residentMemory } from './residentMemory.ts';

type Rows = Readonly<Record<string, number>>;

/** What has no peers to be compared with. */
export async function printExtras(): Promise<void> {
  print('Memory in one session (MiB)', await memoryAfterCalls());
  print('Formatting 1,000 lines (ms, medians of 20)', await firstFormat(20));
  print('Resident memory (MiB)', await residentMemory());
  print('Beyond loading and running the tool (ms, medians of 20)', await afterCrash(20));
  print('Starting together (medians of 10)', await startingTogether(10));
  print('Memory after crashes (MiB)', await memoryAfterCrashes());
  print('ESLint (ms, medians of 20)', await eslintTool(20));
  print('Python tools (ms, medians of 20)', await pythonTools(20));
  print('Starting a session (ms, medians of 30)', await startingConfined(30));
  print('A tiny call (µs, medians of 30 slices)', await callingConfined(30));
  print('Too much memory (ms, median of 10)', await endingForMemory(10));
  print('VS Code', { 'activation (ms, median of 9)': await activation() });
}

/** Not bundled: it drives a VS Code with the help of files that lie beside its own. */
async function activation(): Promise<number> {
  const file = pathToFileURL(path.join(repository, 'test/bench/activation.ts')).href;
  const { benchActivation } = (await import(file)) as typeof Activation;
  return benchActivation(9);
}

function print(title: string, rows: Rows): void {
  console.log(`\n${title}`);
  for (const [name, value] of Object.entries(rows)) {
    console.log(`  ${name.padEnd(52)} ${value.toFixed(1).padStart(9)}`);
  }
}
