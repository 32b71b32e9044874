import { Buffer } from 'node:buffer';
import { Workload } from '../children/workload.mjs';
import { Bare } from '../sides/bare.ts';
import { Floor } from '../sides/floor.ts';
import { greenroom } from '../sides/greenroom.ts';
import { median } from '../statistics.ts';
import { SpareStart } from '../sides/spareStart.ts';

type Rows = Readonly<Record<string, number>>;
type Ways = Readonly<Record<string, () => PromiseLike<unknown>>>;

/**
 * How near Greenroom comes to what is possible without native code, in milliseconds: beside the floor stands
 * a process that does the same work and nothing else.
 */
export async function leastPossible(rounds: number): Promise<Rows> {
  return {
    ...(await firstCalls(rounds)),
    ...(await largeBytes(rounds)),
    ...(await computing(rounds)),
  };
}

async function firstCalls(rounds: number): Promise<Rows> {
  await using spares = new SpareStart();
  const ways: Ways = {
    'first call: a bare Node that echoes, and is killed': async () => {
      await using floor = new Floor(new Uint8Array(64));
      await floor.echo();
    },
    'first call: one that loads the module too, and ends': async () => {
      await using bare = new Bare();
      await bare.ping();
    },
    'first call: Greenroom': () => greenroom.coldPing!(),
    'first call: Greenroom with a spare': () => spares.ping(),
  };
  return await interleaved(rounds, 1, ways, () => spares.ready());
}

async function largeBytes(rounds: number): Promise<Rows> {
  const bytes = new Uint8Array(512 * 1024).fill(0x78);
  await using floor = new Floor(bytes);
  await using bare = new Bare(bytes.length);
  await using side = await greenroom.open('bytes');
  const check = (echo: unknown) => {
    const isSame = echo instanceof Uint8Array && Buffer.compare(echo, bytes) === 0;
    if (!isSame) throw new Error('other bytes came back');
  };
  return await interleaved(rounds, 200, {
    '512 KiB: through a pipe and back': () => floor.echo(),
    '512 KiB: through shared memory and back': async () => check(await bare.echo(bytes)),
    '512 KiB: Greenroom': async () => check(await side.workload.echo(bytes)),
  });
}

async function computing(rounds: number): Promise<Rows> {
  const workload = new Workload();
  await using bare = new Bare();
  await using side = await greenroom.open(undefined);
  return await interleaved(rounds, 20, {
    'computing: in process': async () => workload.derive(20, 2_000),
    'computing: in a process that is asked by a byte': () => bare.derive(),
    'computing: Greenroom': () => side.workload.derive(20, 2_000),
  });
}

/** Each way so many times in a row per round; milliseconds for one time, medians of the rounds. */
async function interleaved(
  rounds: number,
  times: number,
  ways: Ways,
  prepare?: () => Promise<void>,
): Promise<Rows> {
  const means = new Map(Object.keys(ways).map(name => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      await prepare?.();
      globalThis.gc?.();
      const startedAtMs = performance.now();
      for (let n = 0; n < times; n++) await way();
      const mean = (performance.now() - startedAtMs) / times;
      if (round >= 0) means.get(name)!.push(mean); // the first was to warm up
    }
  }
  return Object.fromEntries([...means].map(([name, all]) => [name, median(all)]));
}
