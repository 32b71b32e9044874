import { expect, test } from 'vitest';
import { ResourceScope, toDisposable } from '../../../../server/shared/base/disposable.ts';
import type { CloseReason } from '../../../../server/shared/protocol/events.ts';
import { LineTail } from '../../../../extension/sessions/lineTail.ts';
import {
  ProcessSession,
  type ProcessSessionParts,
  type SessionChannel,
} from '../../../../extension/sessions/processSession.ts';
import type { SessionNews } from '../../../../extension/sessions/sessionEvents.ts';
import { defaultSessionPolicy } from '../../../../extension/sessions/sessionPolicy.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

class PlainSession extends ProcessSession {
  override async prepare(): Promise<void> {}

  beginWork(): void {
    this.beginTask();
  }
}

/** A session whose process ends as soon as it is asked to. */
function create() {
  const { promise: exited, resolve: exit } = Promise.withResolvers<unknown>();
  const news: SessionNews[] = [];
  const closed: CloseReason[] = [];
  const failures: Error[] = [];
  const scope = new ResourceScope();
  const nothing = toDisposable(() => undefined);
  const channel: SessionChannel = {
    ended: undefined,
    onEnd: () => nothing,
    sayBye: () => exit({ code: 0, signal: null }),
    fail: error => void failures.push(error),
  };
  const parts = {
    id: 'test',
    runtime: 'node 20',
    pid: 1,
    confinement: { mechanism: 'none', succeeded: [], granted: [] },
    process: { exited, gone: exited, killTree: () => undefined, errorTail: new LineTail() },
    hold: { holdForGood: () => undefined },
    usage: { onExceeded: () => nothing, setBusy: () => undefined },
    scope,
    policy: defaultSessionPolicy,
    clock: new ManualClock(),
    announce: (each: SessionNews) => void news.push(each),
  } as unknown as ProcessSessionParts;
  const session = new PlainSession(parts, channel);
  session.onDidClose(reason => closed.push(reason));
  return { session, channel, scope, news, closed, failures };
}

const reason: CloseReason = { kind: 'requested' };

const cannot = () => {
  throw new Error('cannot be removed');
};

test('a session tells that it has closed, once, and gives back what it had', async () => {
  const { session, scope, news, closed, failures } = create();
  let isDisposed = false;
  scope.own(toDisposable(() => (isDisposed = true)));
  await session.close(reason);
  await session.close(reason);
  expect(news.map(({ kind }) => kind)).toEqual(['ready', 'draining', 'closed']);
  expect(closed).toEqual([reason]);
  expect(failures).toMatchObject([{ code: 'session.closed' }]);
  expect(isDisposed).toBe(true);
});

test('a session that lets somebody finish ends at once at the shutdown', async () => {
  const { session, closed } = create();
  session.beginWork();
  const closing = session.close({ kind: 'idle' });
  expect(closed).toEqual([]);
  await session.close({ kind: 'shutdown' });
  await closing;
  expect(closed).toEqual([{ kind: 'idle' }]);
});

test('a session that cannot give back all it had is closed all the same, and says why it could not', async () => {
  const { session, scope, news, closed } = create();
  scope.own(toDisposable(cannot));
  await expect(session.close(reason)).rejects.toThrow('cannot be removed');
  expect(news.at(-1)).toEqual({ kind: 'closed', reason });
  expect(closed).toEqual([reason]);
  expect(session.state).toEqual({ kind: 'closed', reason });
});

test('a session whose channel fails to fail gives back what it had', async () => {
  const { session, channel, scope, news, closed } = create();
  channel.fail = cannot;
  let isDisposed = false;
  scope.own(toDisposable(() => (isDisposed = true)));
  await expect(session.close(reason)).rejects.toThrow('cannot be removed');
  expect(isDisposed).toBe(true);
  expect(news.at(-1)).toEqual({ kind: 'closed', reason });
  expect(closed).toEqual([reason]);
});
