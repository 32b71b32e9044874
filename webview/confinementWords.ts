import {
  openPowers,
  type Confinement,
  type Forbidden,
} from '../server/shared/protocol/confinement.ts';
import type { DashboardStrings } from '../server/shared/protocol/dashboard.ts';
import { fill } from './strings.ts';

/** By what a session is confined, what it can do all the same, and what it was granted. */
export function describeConfinement(confinement: Confinement, strings: DashboardStrings): string {
  const { mechanism, granted, shortfall } = confinement;
  const list = (powers: readonly Forbidden[]) =>
    powers.map(power => strings.powers[power]).join(', ');
  const open = openPowers(confinement);
  return [
    ...(mechanism === 'none' ? [] : [strings.mechanisms[mechanism]]),
    ...(open.length === 0 ? [] : [fill(strings.able, list(open))]),
    ...(shortfall === undefined ? [] : [shortfall]),
    ...(granted.length === 0 ? [] : [fill(strings.mayDo, list(granted))]),
  ].join('; ');
}
