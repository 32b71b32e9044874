import fs from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import { ConfinedTool } from '../../support/confinedTool.ts';
import { Project } from '../../support/project.ts';
import { TestPool } from '../../support/sessions.ts';
import { holding } from '../holding.ts';
import { median } from '../statistics.ts';

type Rows = Readonly<Record<string, number>>;

const mebibyte = 1024 * 1024;
const quickly = {
  backoff: { firstMs: 1, maxMs: 1, calmMs: 1 },
  breaker: { maxLosses: 1e6, openMs: 1 },
};

/** A session as users have it: confined as well as this machine can. */
const toolIn = (host: TestPool, { root }: Project) =>
  new ConfinedTool(host, root, { needsScratch: true });

/** How long the first call takes that is made when a session is killed. Milliseconds, medians. */
export async function afterCrash(rounds: number): Promise<Rows> {
  const beyond: Record<'spare' | 'none', number[]> = { spare: [], none: [] };
  for (let round = 0; round < rounds; round++) {
    beyond.spare.push(await holding(() => crashAndCall(1)));
    beyond.none.push(await holding(() => crashAndCall(0)));
  }
  return {
    'first call after a crash, a spare being there': median(beyond.spare),
    'the same without a spare': median(beyond.none),
  };
}

/** From the kill on, all that the caller waits but for the loading of the tool and its own work. */
async function crashAndCall(maxSpares: number): Promise<number> {
  using project = new Project();
  await using host = new TestPool({ ...quickly, maxSpares });
  const tool = toolIn(host, project);
  await tool.format('a.js', document);
  if (maxSpares > 0) {
    const { session } = await host.seen('launching', ({ cause }) => cause === 'spare');
    await host.seen('ready', event => event.session === session);
  }
  const crashed = host.events.find(({ kind }) => kind === 'ready')!.session;
  const startedAtMs = performance.now();
  process.kill(host.pids[0]!, 'SIGKILL');
  await tool.format('a.js', document);
  const tookMs = performance.now() - startedAtMs;
  const { call } = await host.seen('called', event => event.call.session !== crashed);
  const opened = await host.seen('toolOpened', event => event.session === call.session);
  return tookMs - opened.tookMs - call.runMs;
}

const document = 'a  =  1';

/** Eight sessions at once, as a multiple of one; on so many cores 8 ÷ cores would be perfect. */
export async function startingTogether(rounds: number): Promise<Rows> {
  const one: number[] = [];
  const eight: number[] = [];
  for (let round = 0; round < rounds; round++) {
    one.push(await prewarm(1));
    eight.push(await prewarm(8));
  }
  const perfect = 8 / os.availableParallelism();
  return {
    'prewarming one session (ms)': median(one),
    'prewarming eight together (ms)': median(eight),
    'eight, as a multiple of one ×(8 ÷ cores)': median(eight) / (median(one) * perfect),
  };
}

async function prewarm(sessions: number): Promise<number> {
  using project = new Project();
  await using host = new TestPool();
  const folders = Array.from({ length: sessions }, (_, n) => project.path(`${n}`));
  for (const folder of folders) fs.mkdirSync(folder);
  const tools = folders.map(folder => new ConfinedTool(host, folder, { needsScratch: true }));
  const startedAtMs = performance.now();
  await Promise.all(tools.map(tool => tool.prewarm()));
  return performance.now() - startedAtMs;
}

/** What crashes and restarts leave behind in the host: memory in MiB, and descriptors. */
export function memoryAfterCrashes(): Promise<Rows> {
  return holding(crashAgainAndAgain);
}

async function crashAgainAndAgain(): Promise<Rows> {
  using project = new Project();
  await using host = new TestPool(quickly);
  const tool = toolIn(host, project);
  const rows: Record<string, number> = {};
  let cycles = 0;
  for (const until of [20, 120]) {
    for (; cycles < until; cycles++) {
      await tool.format('a.js', document);
      const { id } = host.pool.sessions[0]!;
      const ready = host.events.findLast(event => event.kind === 'ready' && event.session === id);
      if (ready?.kind === 'ready') process.kill(ready.pid, 'SIGKILL');
      await host.seen('closed', event => event.session === id);
      host.events.length = 0; // what the test keeps is not the pool's
      host.logLines.length = 0;
    }
    await new Promise(setImmediate);
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    rows[`heap of the host after ${until} crashes`] = heapUsed / mebibyte;
    rows[`beside its heap after ${until} crashes`] = external / mebibyte;
    rows[`resident after ${until} crashes`] = rss / mebibyte;
    if (process.platform !== 'linux') continue;
    rows[`descriptors (a number) after ${until} crashes`] = fs.readdirSync('/proc/self/fd').length;
  }
  return rows;
}
