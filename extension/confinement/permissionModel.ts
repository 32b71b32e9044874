import { GreenroomError } from '../../server/shared/errors.ts';
import type { ConfinementPlan } from './confinementPlan.ts';

/**
 * Flags for Node's own permission model: a seat belt that keeps a tool from mistakes, not from malice.
 * Native addons and worker threads stay allowed, because ordinary plugins bring them (resolvers, parsers,
 * synchronous calls of asynchronous code), and where this is the only mechanism they would stop working.
 * An addon is beyond the model, and a thread with flags of its own is without it (seen on Node 20 and
 * 24). Links that lie in a folder that may be read are followed wherever they lead. The network is denied
 * from Node 25 on, by not naming it.
 *
 * Throws `session.launch` for a path with `*`, which the model would take for all that begins alike.
 */
export function permissionModelFlags(
  nodeMajor: number,
  plan: Pick<ConfinementPlan, 'readable' | 'writable' | 'links' | 'needsChildren'>,
): readonly string[] {
  // It compares paths as they are asked for, before links are followed.
  const read = [...plan.readable, ...plan.links.map(link => link.path), ...plan.writable];
  for (const place of read) assertNoWildcard(place);
  return [
    nodeMajor >= firstStable ? '--permission' : '--experimental-permission',
    ...read.map(place => `--allow-fs-read=${place}`),
    ...plan.writable.map(place => `--allow-fs-write=${place}`),
    '--allow-addons',
    '--allow-worker',
    ...(plan.needsChildren ? ['--allow-child-process'] : []),
  ];
}

/** Before, the flag has another name; 20 is the first that has the model. */
const firstStable = 22;

function assertNoWildcard(place: string): void {
  if (!place.includes('*')) return;
  const message = `Node's permission model cannot be given a path with an asterisk: ${place}`;
  throw new GreenroomError('session.launch', message);
}
