import path from 'node:path';
import { examineMachine } from '../../../extension/confinement/machine.ts';
import type { Mechanism } from '../../../server/shared/protocol/confinement.ts';
import type { Remote } from '../../../extension/api.ts';
import type { SessionRequest } from '../../../extension/sessions/pool/sessionPool.ts';
import { workshopFile, type Workshop } from '../../support/modules.ts';
import { isAlive, repository, sessionRequest, TestPool } from '../../support/sessions.ts';
import { holding } from '../holding.ts';
import { median } from '../statistics.ts';

type Rows = Readonly<Record<string, number>>;

function confinedBy(mechanism: Mechanism | 'off', memoryLimitMb = 2_048): SessionRequest {
  const key = `${mechanism} ${memoryLimitMb}`;
  if (mechanism === 'off') return sessionRequest({ key, memoryLimitMb });
  const needs = { needsChildren: false, needsScratch: true };
  const wish = { demands: [], workspace: repository, readable: [], ...needs };
  return sessionRequest({ key, memoryLimitMb, confinement: { ...wish, mechanism } });
}

export async function mechanismsHere(): Promise<Mechanism[]> {
  const machine = await examineMachine(path.join(repository, 'dist/landlock.pl'));
  return [
    ...(machine.bubblewrap.works ? (['bubblewrap'] as const) : []),
    ...(machine.landlock.works ? (['landlock'] as const) : []),
    'permissionModel',
  ];
}

/** From asking for a session to its hello, its self-probe among it. Milliseconds, medians. */
export async function startingConfined(rounds: number): Promise<Rows> {
  const ways = ['off', ...(await mechanismsHere())] as const;
  const times = new Map<string, number[]>(ways.map(way => [way, []]));
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      await using host = new TestPool();
      const startedAtMs = performance.now();
      await host.pool.prewarm(confinedBy(way));
      times.get(way)!.push(performance.now() - startedAtMs);
    }
  }
  const rows = [...times].map(([way, all]) => [way === 'off' ? 'unconfined' : way, median(all)]);
  return Object.fromEntries(rows) as Rows;
}

/** Calls of `pid()` one by one, in slices that take turns. Microseconds, medians of the slices. */
export const callingConfined = (slices: number): Promise<Rows> =>
  holding(() => compareCalls(slices));

async function compareCalls(slices: number): Promise<Rows> {
  await using host = new TestPool();
  using plain = await host.pool.acquire(confinedBy('off'));
  using confined = await host.pool.acquire(confinedBy((await mechanismsHere())[0]!));
  const times: Record<'plain' | 'confined', number[]> = { plain: [], confined: [] };
  for (let slice = 0; slice < slices; slice++) {
    times.plain.push(await callsOf(plain.session.connection.root));
    times.confined.push(await callsOf(confined.session.connection.root));
  }
  const [one, other] = [median(times.plain), median(times.confined)];
  return { unconfined: one, confined: other, 'confined, as a multiple': other / one };
}

async function callsOf(root: unknown): Promise<number> {
  const { pid } = (root as Remote<{ load(file: string): Workshop }>).load(workshopFile);
  await pid();
  const startedAtMs = performance.now();
  for (let call = 0; call < callsPerSlice; call++) await pid();
  return ((performance.now() - startedAtMs) * 1_000) / callsPerSlice;
}

const callsPerSlice = 500;

/** From memory beyond the cap to the end of the process, for a session that is idle. Milliseconds. */
export async function endingForMemory(rounds: number): Promise<Rows> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await holding(exceedAndEnd));
  return { 'from 400 MiB, the cap being 300, to the end': median(times) };
}

async function exceedAndEnd(): Promise<number> {
  await using host = new TestPool({ replacesLost: false });
  using lease = await host.pool.acquire(confinedBy((await mechanismsHere())[0]!, 300));
  const root = lease.session.connection.root as Remote<{ load(file: string): Workshop }>;
  await root.load(workshopFile).take(400);
  const startedAtMs = performance.now();
  await host.seen('closed', ({ reason }) => reason.kind === 'memory');
  while (host.pids.some(isAlive)) await new Promise(setImmediate);
  return performance.now() - startedAtMs;
}
