import type { Measured } from './measure.ts';
import { directName, floorName, greenroomName } from './regimes/regime.ts';

/** One regime as `--json` writes it. A side that cannot do it is absent. */
export interface RegimeReport {
  readonly unit: 'us';
  readonly floor?: number;
  readonly direct?: number;
  readonly greenroom?: number;
  readonly peers: Readonly<Record<string, number>>;
}

export interface Report {
  readonly node: string;
  readonly rounds: number;
  readonly regimes: Readonly<Record<string, RegimeReport>>;
}

const ours = [floorName, directName, greenroomName];

export function toRegimeReport({ medians }: Measured): RegimeReport {
  const figures = [...medians].map(([name, us]) => [name, Number(us.toPrecision(5))] as const);
  return {
    unit: 'us',
    ...Object.fromEntries(figures.filter(([name]) => ours.includes(name))),
    peers: Object.fromEntries(figures.filter(([name]) => !ours.includes(name))),
  };
}
