import fs from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The keeper of one scratch: `node scratchKeeper.ts FOLDER`. Standard input brings process group
 * ids, one a line; its end means that the owner is done or dead.
 */
const graceMs = 3_000;

async function keep(folder: string): Promise<void> {
  const groups = (await text(process.stdin)).split('\n').filter(Boolean).map(Number);
  await Promise.all(groups.map(endGroup));
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

async function endGroup(group: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  if (!signal(group, 'SIGTERM')) return;
  while (signal(group, 0)) {
    if (performance.now() > deadline) return void signal(group, 'SIGKILL');
    await delay(20);
  }
}

/** Answers whether there was anybody left to receive it. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === 'win32' ? group : -group, name);
  } catch {
    return false; // the group is gone, which is what we want
  }
}

// Ctrl+C is for the owner; its end is what we wait for.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
await keep(process.argv[2]!);
