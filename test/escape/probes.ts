import type { Probe } from './probe.ts';
import { greed } from './probes/greed.ts';
import { kernel } from './probes/kernel.ts';
import { network } from './probes/network.ts';
import { others } from './probes/others.ts';
import { reading } from './probes/reading.ts';
import { writing } from './probes/writing.ts';

export const probes: readonly Probe[] = [
  ...reading,
  ...writing,
  ...network,
  ...others,
  ...kernel,
  ...greed,
];
