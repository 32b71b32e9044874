import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { repository } from '../host/paths.ts';
import { openScratch } from '../host/scratch.ts';
import { countsInOutput, countsInReport, nothing, toStageCounts, type Counts } from './counts.ts';
import type { Stage } from './stages.ts';

const longestMs = 1_800_000;

/** Runs a stage to its end, showing what it prints; past its time, or once aborted, it is ended. */
export async function runStage(stage: Stage, signal: AbortSignal): Promise<Counts> {
  if (typeof stage.counts === 'object') fs.rmSync(stage.counts.report, { force: true });
  await using scratch = openScratch();
  const [program, ...args] = stage.command;
  const child = spawn(program, args, {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  scratch.endWithUs(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    output += chunk.toString();
  });

  const end = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  const succeeded = await new Promise<boolean>(settle => {
    child.once('close', code => settle(code === 0));
    child.once('error', error => (console.error(error.message), settle(false)));
    end.addEventListener('abort', () => settle(false));
    if (end.aborted) settle(false);
  });
  return count(stage, succeeded, output);
}

function count({ counts }: Stage, succeeded: boolean, output: string): Counts {
  if (counts === 'none') return succeeded ? nothing : { ...nothing, failed: 1 };
  if (counts === 'itself') return succeeded ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 };
  const counted = counts === 'output' ? countsInOutput(output) : countsInReport(counts.report);
  return toStageCounts(succeeded, counted);
}
