import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { installedSamples, type ServerSample } from '../languageServers/samples.ts';
import type { Answered } from './completion.ts';
import { answerOnDemand } from './onDemand.ts';
import { answerPrewarmed } from './prewarmed.ts';

const patienceMs = 90_000;

/** Ways to have a server, in the order in which they take turns. */
const sides = {
  'on demand': sample => answerOnDemand(sample),
  session: sample => answerPrewarmed(sample),
  unconfined: sample => answerPrewarmed(sample, 'off'),
} as const satisfies Record<string, (sample: ServerSample) => Promise<Answered>>;

/** All rounds of one server. */
export type Comparison = Record<keyof typeof sides, Answered[]>;

/** As VS Code's extension host runs it: writes a {@link Comparison} for each server. */
export async function run(): Promise<void> {
  const { GREENROOM_BENCH_ROUNDS: rounds, GREENROOM_SUITE_RESULT: file } = process.env;
  const results: Record<string, Comparison> = {};
  for (const sample of installedSamples()) {
    results[sample.name] = await compare(sample, Number(rounds));
    console.error(`${sample.name}: done`);
  }
  fs.writeFileSync(file!, JSON.stringify(results));
}

async function compare(sample: ServerSample, rounds: number): Promise<Comparison> {
  const comparison: Comparison = { 'on demand': [], session: [], unconfined: [] };
  let expected: Answered | undefined;
  for (let round = 0; round <= rounds; round++) {
    for (const [side, answer] of Object.entries(sides)) {
      const answered = await inTime(`${sample.name}, ${side}`, answer(sample));
      assertAlike(sample, answered, (expected ??= answered));
      // The first round does not count: the editor starts servers of its own then.
      if (round > 0) comparison[side as keyof Comparison].push(answered);
    }
  }
  return comparison;
}

/** What is waited for may never come. */
function inTime<T>(what: string, answer: Promise<T>): Promise<T> {
  const tooLate = async () => {
    await delay(patienceMs, undefined, { ref: false });
    throw new Error(`${what}: not within ${patienceMs} ms`);
  };
  return Promise.race([answer, tooLate()]);
}

/** By its size, since the labels are those of the editor's own servers too. */
function assertAlike(sample: ServerSample, answered: Answered, expected: Answered): void {
  assertAnswered(sample, answered);
  const { replyBytes } = answered;
  const isAlike = Math.abs(replyBytes - expected.replyBytes) < 100 + 0.1 * expected.replyBytes;
  const sizes = `${replyBytes} bytes instead of ${expected.replyBytes}`;
  assert.ok(isAlike, `${sample.name}: another answer, ${sizes}`);
}

function assertAnswered({ name, label }: ServerSample, { labels }: Answered): void {
  assert.ok(
    labels.some(one => one.startsWith(label)),
    `${name}: no ${label} among ${labels.length} items`,
  );
}
