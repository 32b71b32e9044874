import { parseArgs } from 'node:util';

export interface StressOptions {
  readonly operations: number;
  readonly callers: number;
  /** Sizes of the pools that are tried, one after the other. */
  readonly replicas: readonly number[];
  readonly seed: number;
  readonly json: string | undefined;
}

/** Throws an error that tells what is wrong. */
export function parseOptions(args: readonly string[]): StressOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      operations: { type: 'string', default: '20000' },
      callers: { type: 'string', default: '200' },
      replicas: { type: 'string', default: '1,4,8' },
      seed: { type: 'string' },
      json: { type: 'string' },
    },
  });
  return {
    operations: wholeNumber('--operations', values.operations, 1_000_000),
    callers: wholeNumber('--callers', values.callers, 10_000),
    replicas: values.replicas.split(',').map(text => wholeNumber('--replicas', text, 64)),
    seed:
      values.seed === undefined
        ? Math.floor(Math.random() * 2 ** 32)
        : wholeNumber('--seed', values.seed, 2 ** 32 - 1),
    json: values.json,
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d+$/u.test(text.trim()) ? Number(text) : NaN;
  if (number >= 1 && number <= most) return number;
  throw new Error(`${option} takes whole numbers from 1 to ${most}, not '${text}'`);
}
