import { inspect } from 'node:util';
import { LaneRun } from './laneRun.ts';
import { directName, floorName, type Lane, type Regime } from './regimes/regime.ts';
import { median } from './statistics.ts';

export interface Effort {
  readonly rounds: number;
  /** How long a side works before its first round: until the optimising compiler is done with it. */
  readonly firstWarmUpMs: number;
  /** How long it works before each other round. */
  readonly warmUpMs: number;
  /** How long it works then; at least as often as the regime says. */
  readonly roundMs: number;
}

export interface Measured {
  /** Microseconds per operation by side, the median of the rounds. */
  readonly medians: ReadonlyMap<string, number>;
  /** What went wrong, by side. Such a side has no figure. */
  readonly failures: ReadonlyMap<string, string>;
}

const patienceMs = 30_000;

/** Has every side do the work once per round, each in another place than in the round before. */
export async function measure(regime: Regime, effort: Effort): Promise<Measured> {
  await using opened = new AsyncDisposableStack();
  const lanes = new Map<string, Lane>();
  const failures = new Map<string, string>();
  const attempt = async (name: string, work: () => Promise<void>) => {
    try {
      await withinPatience(work());
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : inspect(error));
      lanes.delete(name);
    }
  };

  const enter = regime.entrants.map(({ name, enter }) =>
    attempt(name, async () => void lanes.set(name, opened.use(await enter()))),
  );
  await Promise.all(enter);
  const expected = await firstAnswer(lanes.get(directName));
  const sides = regime.entrants
    .filter(({ name }) => lanes.has(name))
    .map(({ name }) => {
      const right = name === floorName ? undefined : { expected };
      return { name, run: new LaneRun(regime, lanes.get(name)!, right), times: [] as number[] };
    });
  for (let round = 0; round < effort.rounds; round++) {
    for (const { name, run, times } of rotated(sides, round)) {
      if (!lanes.has(name)) continue;
      await attempt(name, async () => {
        await run.warmUp(round === 0 ? effort.firstWarmUpMs : effort.warmUpMs);
        times.push(await run.repeat(effort.roundMs));
      });
    }
  }
  const figures = sides
    .filter(({ name }) => lanes.has(name))
    .map(({ name, times }) => [name, median(times)] as const);
  return { medians: new Map(figures), failures };
}

async function firstAnswer(lane: Lane | undefined): Promise<unknown> {
  if (!lane) throw new Error('without the direct way there is nothing to compare with');
  await lane.prepare?.();
  return lane.step();
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

async function withinPatience(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<void>();
  const giveUp = () => reject(new Error(`no answer within ${patienceMs / 1_000} s`));
  const timer = setTimeout(giveUp, patienceMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
