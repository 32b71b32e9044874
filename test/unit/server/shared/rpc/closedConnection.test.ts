import process from 'node:process';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import { CallFlag, Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import type { Connection } from '../../../../../server/shared/rpc/connection.ts';
import { Loopback, type LoopbackTransport } from '../../../../support/loopback.ts';
import { call } from '../../../../support/refusedFrames.ts';
import { failureOf, type Remote } from '../../../../support/remote.ts';
import { bytes, text } from '../../../../support/wireBytes.ts';

const closed = new GreenroomError('session.closed', 'closed');

test('a frame is not read on when one of its calls has closed the connection', async () => {
  const ran: string[] = [];
  using pair = new Loopback({
    close: (): void => pair.worker.dispose(),
    run: () => void ran.push('run'),
  });
  pair.workerPipe.deliver(bytes(call(1, 'close'), call(2, 'run')));
  await pair.idle();
  expect(ran).toEqual([]);
});

test('a closed connection does not await what a call has brought', async () => {
  let awaited = 0;
  using pair = new Loopback({
    close: (): unknown => {
      pair.worker.dispose();
      return { then: () => void awaited++ };
    },
  });
  pair.workerPipe.deliver(bytes(call(1, 'close', CallFlag.want)));
  await pair.idle();
  expect(awaited).toBe(0);
});

test.each([
  ['of this realm', () => Promise.reject(new Error('after the end'))],
  ['of another', () => vm.runInNewContext('Promise.reject(new Error("after the end"))') as unknown],
])('a promise %s of a call that has closed the connection may fail', async (_whose, fail) => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', note);
  const close = (): unknown => {
    pair.worker.dispose();
    return fail();
  };
  using pair = new Loopback({ close });
  pair.workerPipe.deliver(bytes(call(1, 'close', CallFlag.want)));
  await pair.idle();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('a closed connection has no call done that waited, and serves none', async () => {
  const ran: string[] = [];
  using pair = new Loopback({
    finish: (): void => pair.worker.dispose(),
    run: () => void ran.push('run'),
  });
  pair.workerPipe.other = undefined;
  const waiting = bytes(Op.call, CallFlag.keep, 2, 0, 1, text('run'), 1, bytes(Tag.result, 1));
  pair.workerPipe.deliver(bytes(call(1, 'finish', CallFlag.keep | CallFlag.traced), waiting));
  await pair.idle();
  expect(ran).toEqual([]);
  using other = new Loopback({
    close: () => {
      other.worker.dispose();
      return new Promise<never>(() => undefined);
    },
  });
  other.workerPipe.deliver(bytes(call(1, 'close')));
  expect(other.live.worker.served).toBe(0);
});

test.each<[string, (worker: Connection, pipe: LoopbackTransport) => void]>([
  ['closed', worker => worker.dispose()],
  ['broken', (worker, pipe) => (pipe.end({}), worker.fail(closed))],
])(
  'what a call has asked for, under its own signal, was not given up when all is %s',
  async (_how, end) => {
    const asked: unknown[] = [];
    const work = (callback: Remote<() => void>, signal: AbortSignal) => {
      asked.push(failureOf(callback.with({ signal })()));
      return new Promise<never>(() => undefined);
    };
    using pair = new Loopback({ work });
    const never = () => new Promise<never>(() => undefined);
    const call = failureOf(pair.api.work(never, new AbortController().signal));
    await pair.idle();
    end(pair.worker, pair.workerPipe);
    expect(await Promise.all(asked)).toMatchObject([{ code: 'session.closed' }]);
    pair.host.dispose();
    await call;
  },
);
