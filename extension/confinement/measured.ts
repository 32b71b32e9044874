import {
  forbidden,
  openPowers,
  type Confinement,
  type Forbidden,
} from '../../server/shared/protocol/confinement.ts';
import type { Hello } from '../../server/shared/protocol/hello.ts';
import { GreenroomError } from '../../server/shared/errors.ts';
import type { ConfinedStart } from './confine.ts';
import type { ConfinementWish } from './confinementPlan.ts';

const words: Readonly<Record<Forbidden, string>> = {
  read: 'read files outside of the workspace',
  write: 'change files of the workspace',
  connect: 'connect to the network',
  spawn: 'start programs',
};

/** Why a session is not to be had that must be denied what it would be able to do. */
export function unconfined(
  open: readonly Forbidden[],
  shortfall: string | undefined,
): GreenroomError {
  const able = open.map(power => words[power]).join(', ');
  const why = shortfall ? `. Nothing stronger is to be had here: ${shortfall}` : '';
  const message = `a session would be able to ${able}, and none is used that can${why}`;
  return new GreenroomError('session.unconfined', message);
}

/**
 * How the session is confined, as it has measured itself. Throws `session.unconfined` when it can do
 * what it was demanded that it cannot.
 */
export function measured(
  hello: Hello,
  { mechanism, granted, hasScratch = false, shortfall }: ConfinedStart,
  wish: ConfinementWish | undefined,
): Confinement {
  // Where nothing confines it, its own word proves nothing.
  const { succeeded = [...forbidden] } = mechanism === 'none' ? {} : hello;
  const needs = { granted, ...(hasScratch && { hasScratch }) };
  const confinement: Confinement = { mechanism, succeeded, ...needs };
  const open = openPowers(confinement);
  if (!open.some(power => wish?.demands.includes(power))) {
    return open.length > 0 && shortfall !== undefined ? { ...confinement, shortfall } : confinement;
  }
  throw unconfined(open, shortfall);
}
