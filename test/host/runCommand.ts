import { spawn } from 'node:child_process';
import { openScratch } from './scratch.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** Runs a program to its end and gives its output; a failure shows the last of what it printed. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs, ...options }: CommandOptions,
): Promise<string> {
  await using scratch = openScratch();
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  scratch.endWithUs(child);
  let output = '';
  const keep = (chunk: Buffer) => void (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  const failure = await new Promise<string | undefined>(settle => {
    const bound = setTimeout(() => settle(`took longer than ${timeoutMs / 1000} s`), timeoutMs);
    child.once('error', error => settle(error.message));
    child.once('close', (code, signal) =>
      settle(code === 0 ? undefined : `ended with ${signal ?? code}`),
    );
    child.once('exit', () => clearTimeout(bound));
  });
  if (failure === undefined) return output;
  throw new Error(`${[command, ...args].join(' ')}: ${failure}\n${output.slice(-4_000)}`);
}
