import { parseArgs } from 'node:util';

export interface EscapeOptions {
  /** By name; all that this machine has, when absent. */
  readonly tiers: readonly string[] | undefined;
  readonly probes: RegExp;
  readonly json: string | undefined;
}

/** Throws an error that tells what is wrong. */
export function parseOptions(args: readonly string[]): EscapeOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tiers: { type: 'string' },
      probes: { type: 'string', default: '' },
      json: { type: 'string' },
    },
  });
  return {
    tiers: values.tiers?.split(','),
    probes: new RegExp(values.probes, 'u'),
    json: values.json,
  };
}
