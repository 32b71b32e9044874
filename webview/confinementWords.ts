import {
  openPowers,
  type Confinement,
  type Forbidden,
} from '../server/shared/protocol/confinement.ts';
import type { DashboardStrings } from '../server/shared/protocol/dashboard.ts';
import { fill } from './strings.ts';

/** By what a session is confined, what it can do all the same, and what it was granted. */
export function describeConfinement(confinement: Confinement, strings: DashboardStrings): string {
  const { mechanism, granted, hasScratch, shortfall } = confinement;
  const namesOf = (powers: readonly Forbidden[]) => powers.map(power => strings.powers[power]);
  const open = openPowers(confinement);
  const may = [...namesOf(granted), ...(hasScratch ? [strings.keepFiles] : [])];
  return [
    ...(mechanism === 'none' ? [] : [strings.mechanisms[mechanism]]),
    ...(open.length === 0 ? [] : [fill(strings.able, namesOf(open).join(', '))]),
    ...(shortfall === undefined ? [] : [shortfall]),
    ...(may.length === 0 ? [] : [fill(strings.mayDo, may.join(', '))]),
  ].join('; ');
}
