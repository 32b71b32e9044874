import type { Answer, Side } from '../sides/side.ts';
import { onSides } from './onSides.ts';

const many = 1_024;
const some = 100;
const noArguments = Array.from({ length: many }, () => []);
const ones = Array.from({ length: many }, () => [1]);

const reset = (side: Side) => side.workload.reset();

export const tiny = [
  onSides({
    name: 'tiny_ping_sequential',
    operations: some,
    step: ({ workload }) => inTurn(() => workload.ping()),
  }),
  onSides({
    name: 'tiny_ping_concurrent',
    operations: many,
    step: ({ workload }) => Promise.all(noArguments.map(() => workload.ping())),
  }),
  onSides({
    name: 'tiny_ping_batch',
    need: 'batch',
    operations: many,
    step: side => side.batch?.('ping', noArguments),
  }),
  onSides({
    name: 'increment_small_sequential',
    operations: some,
    prepare: reset,
    step: ({ workload }) => inTurn(() => workload.increment(1)),
  }),
  onSides({
    name: 'increment_small_batch',
    need: 'batch',
    operations: many,
    prepare: reset,
    step: side => side.batch?.('increment', ones),
  }),
];

async function inTurn(call: () => Answer<number>): Promise<number[]> {
  const answers: number[] = [];
  for (let n = 0; n < some; n++) answers.push(await call());
  return answers;
}
