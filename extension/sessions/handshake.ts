import { ResourceScope } from '../../server/shared/base/disposable.ts';
import type { CancelSignal, Platform } from '../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError } from '../../server/shared/errors.ts';
import type { Hello } from '../../server/shared/protocol/hello.ts';
import { PROTOCOL_VERSION } from '../../server/shared/protocol/version.ts';
import type { Connection } from '../../server/shared/rpc/connection.ts';
import { describeExit } from './exitReason.ts';
import type { WorkerProcess } from './workerProcess.ts';

const exitFollowsMs = 500;

/** Waits for the worker's hello, its end, the deadline or the signal, whichever is first. */
export function handshake(
  connection: Connection,
  process: WorkerProcess,
  timeoutMs: number,
  { clock }: Platform,
  signal: CancelSignal,
): Promise<Hello> {
  const { promise, resolve, reject } = Promise.withResolvers<Hello>();
  const scope = new ResourceScope();
  scope.own(
    connection.onHello(hello => {
      if (hello.protocol === PROTOCOL_VERSION) return resolve(hello);
      reject(
        new GreenroomError(
          'protocol.version',
          `the worker speaks version ${hello.protocol} of the protocol, not ${PROTOCOL_VERSION}`,
        ),
      );
    }),
  );
  scope.own(
    connection.onEnd(({ error }) => {
      if (isGreenroomError(error, 'protocol.violation')) return reject(error);
      // Its exit, which follows in a moment, says more than the broken pipe.
      const cause = error ?? new Error('the worker closed its channel before it was ready');
      scope.own(clock.after(exitFollowsMs, () => reject(cause)));
    }),
  );
  scope.own(clock.after(timeoutMs, () => reject(new Error(`no hello within ${timeoutMs} ms`))));
  const onAbort = () => reject(new GreenroomError('session.closed', 'the start was given up'));
  signal.addEventListener('abort', onAbort, { once: true });
  scope.own({ dispose: () => signal.removeEventListener('abort', onAbort) });
  if (signal.aborted) onAbort();
  void process.exited.then(exit => {
    const { detail } = describeExit(exit, process.errorTail.mostTelling);
    reject(new Error(`its process ended before it was ready: ${detail}`));
  });
  return promise.finally(() => scope.dispose());
}
