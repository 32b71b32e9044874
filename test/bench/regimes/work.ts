import { onSides } from './onSides.ts';

const pbkdf2Rounds = 2_000;
const numbers = Array.from({ length: 512 }, (_, n) => n * 3);

/** Of an interactive prompt: 24 lines, some of them repeated. */
const histories = Array.from({ length: 64 }, (_, session) => [
  Array.from({ length: 24 }, (_, n) => `> run task ${(n * 7) % 17} of session ${session}`),
]);

export const work = [
  onSides({
    name: 'readline_digest',
    operations: histories.length,
    step: ({ workload, batch }) =>
      batch
        ? batch('digest', histories)
        : Promise.all(histories.map(([lines = []]) => workload.digest(lines))),
  }),
  onSides({
    name: 'cpu_checksum',
    step: ({ workload }) => workload.derive(20, pbkdf2Rounds),
    isLong: true,
  }),
  onSides({
    name: 'mixed_pipeline',
    prepare: ({ workload }) => workload.reset(),
    step({ workload, pipelines }) {
      const derived = workload.derive(18, pbkdf2Rounds);
      const sum = workload.sum(numbers);
      const digest = workload.digest(histories[0]?.[0] ?? []);
      const count = pipelines
        ? workload.increment(sum)
        : sum.then(value => workload.increment(value));
      return Promise.all([derived, sum, digest, count]);
    },
    isLong: true,
  }),
];
