import os from 'node:os';
import process from 'node:process';
import { Ordeals } from '../../support/ordeals.ts';
import { sessionRequest, TestPool } from '../../support/sessions.ts';
import { holding } from '../holding.ts';
import { median } from '../statistics.ts';

type Rows = Readonly<Record<string, number>>;

const mebibyte = 1024 * 1024;
const quickly = {
  backoff: { firstMs: 1, maxMs: 1, calmMs: 1 },
  breaker: { maxLosses: 1e6, openMs: 1 },
};

/** How long the first call takes that is made when a session has just crashed. Milliseconds, medians. */
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

/** All that the caller waits but for the loading of the tool and its own work. */
async function crashAndCall(maxSpares: number): Promise<number> {
  await using ordeals = new Ordeals({ ...quickly, maxSpares });
  const { host } = ordeals;
  await ordeals.call('answer', 'before');
  if (maxSpares > 0) {
    const { session } = await host.seen('launching', ({ cause }) => cause === 'spare');
    await host.seen('ready', event => event.session === session);
  }
  const crashed = host.events.find(({ kind }) => kind === 'ready')!.session;
  process.kill(host.pids[0]!, 'SIGKILL');
  await host.seen('closed', event => event.session === crashed);
  const startedAtMs = performance.now();
  await ordeals.call('answer', 'after');
  const tookMs = performance.now() - startedAtMs;
  const { call } = await host.seen('called', event => event.call.subject === 'after');
  const opened = await host.seen('toolOpened', event => event.session === call.session);
  return tookMs - opened.tookMs - call.runMs;
}

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
  await using host = new TestPool();
  const startedAtMs = performance.now();
  const keys = Array.from({ length: sessions }, (_, n) => `key ${n}`);
  await Promise.all(keys.map(key => host.pool.prewarm(sessionRequest({ key }))));
  return performance.now() - startedAtMs;
}

/** What crashes and restarts leave behind in the host, in MiB. */
export function memoryAfterCrashes(): Promise<Rows> {
  return holding(crashAgainAndAgain);
}

async function crashAgainAndAgain(): Promise<Rows> {
  await using ordeals = new Ordeals(quickly);
  const rows: Record<string, number> = {};
  let cycles = 0;
  for (const until of [20, 120]) {
    for (; cycles < until; cycles++) {
      await ordeals.call('answer', `${cycles}`);
      const { id } = ordeals.host.pool.sessions[0]!;
      const ready = ordeals.host.events.findLast(
        event => event.kind === 'ready' && event.session === id,
      );
      if (ready?.kind === 'ready') process.kill(ready.pid, 'SIGKILL');
      await ordeals.host.seen('closed', event => event.session === id);
      ordeals.host.events.length = 0; // what the test keeps is not the pool's
    }
    await new Promise(setImmediate);
    globalThis.gc?.();
    rows[`heap of the host after ${until} crashes`] = process.memoryUsage().heapUsed / mebibyte;
  }
  return rows;
}
