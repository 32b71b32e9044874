import { clip } from '../../../server/shared/base/clip.ts';
import type { CancelSignal } from '../../../server/shared/base/platform.ts';
import { GreenroomError } from '../../../server/shared/errors.ts';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import type { Log } from '../../log/log.ts';
import type { LaunchSpec } from '../launchSpec.ts';
import type { ProcessSession } from '../processSession.ts';
import type { LaunchContext } from '../startProcess.ts';

type LaunchParts = Pick<
  LaunchContext,
  'id' | 'platform' | 'policy' | 'announce' | 'segmentFolders'
> & { readonly log: Log };

/** Starts a session, and writes into the log what it says and what nobody else hears of. */
export async function launchLogged(
  spec: LaunchSpec,
  { log: poolLog, ...parts }: LaunchParts,
  signal: CancelSignal,
): Promise<ProcessSession> {
  const log = poolLog.child({ session: parts.id });
  const { launchSession } = await loadLaunching();
  const session = await launchSession(
    spec,
    {
      ...parts,
      onUnseenFailure: ({ name: call, error }) =>
        log.warn('a call failed that nobody waited for', { call, error: messageOf(error) }),
      onHeldUp: ({ seconds, calls }) =>
        log.warn('a session waits for a callback, which may wait for calls to the session', {
          seconds,
          calls: clip(calls.join(', '), 200),
        }),
      onOutput: (stream, line) => log.info('output', { stream, line }),
    },
    signal,
  );
  const { shortfall } = session.confinement;
  if (shortfall !== undefined) log.warn('a session is not wholly confined', { shortfall });
  return session;
}

/** Most of the code of a session is loaded with the first one, not when the editor starts. */
async function loadLaunching() {
  try {
    return await import('../launchSession.ts');
  } catch (cause) {
    throw new GreenroomError(
      'session.launch',
      `a part of Greenroom cannot be loaded; reinstalling it, or reloading the window, brings it back: ${messageOf(cause)}`,
      { cause },
    );
  }
}
