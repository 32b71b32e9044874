import path from 'node:path';
import { misuse } from '../../server/shared/base/misuse.ts';
import { GreenroomError } from '../../server/shared/errors.ts';
import { forbidden } from '../../server/shared/protocol/confinement.ts';
import type { ConfinementWish } from '../confinement/confinementPlan.ts';
import type { ConfinementMode, OpenSessionOptions } from './openSessionOptions.ts';

/**
 * How a session is confined for a caller, where the user has decided `general` for all; undefined for not
 * at all. Nobody gets around `required`. Throws `session.unconfined`, or a `TypeError` where it is not
 * said what the session may read: a program's own folder may be anything, the home folder or the root.
 */
export function confinementOf(
  { confinement, cwd }: OpenSessionOptions,
  general: ConfinementMode,
): ConfinementWish | undefined {
  const { mode = general, readable = [] } = confinement ?? {};
  if (mode === 'off' && general === 'required') throw notWithout();
  if (mode === 'off') return undefined;
  if (cwd === undefined) throw misuse('cwd', cwd, readOrOff);
  return {
    demands: mode === 'required' || general === 'required' ? forbidden : [],
    workspace: path.resolve(cwd),
    readable,
    needsChildren: confinement?.needsChildren ?? false,
    needsScratch: confinement?.needsScratch ?? false,
  };
}

const readOrOff = "the folder that the session reads, unless its confinement is { mode: 'off' }";

function notWithout(): GreenroomError {
  return new GreenroomError(
    'session.unconfined',
    "the setting greenroom.confinement is 'required': no session runs without, whoever opens it",
  );
}
