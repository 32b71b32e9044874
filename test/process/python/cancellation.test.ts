import { once } from 'node:events';
import { expect, test } from 'vitest';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { failureOf, type RemoteMethod } from '../../support/remote.ts';

/** A callback of the tool, and word that it was called. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: () => resolve(), opened: promise };
}

/** Calls, waits until the tool is at work, gives the call up, and sees how it ends. */
async function giveUp(
  method: Pick<RemoteMethod<unknown>, 'with'>,
  ...rest: readonly unknown[]
): Promise<unknown> {
  const controller = new AbortController();
  const { open, opened } = gate();
  const call = failureOf(method.with({ signal: controller.signal })(open, ...rest));
  await opened;
  controller.abort();
  return call;
}

const cancelled = { code: 'call.cancelled' };

describePython('giving up a call', () => {
  test.each([
    ['that computes for ever', 'spin', []],
    ['that sleeps', 'sleep', [3_600]],
    ['that sleeps asynchronously', 'sleep_async', [3_600]],
  ] as const)('%s ends it, and the worker goes on', async (_what, name, rest) => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const pid = await workshop.pid();
    const method = workshop[name] as unknown as RemoteMethod<unknown>;
    expect(await giveUp(method, ...rest)).toMatchObject(cancelled);
    await expect.poll(() => session.connection.live.calls).toBe(0);
    expect(await workshop.pid()).toBe(pid);
  });

  test('lets the tool clean up', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    expect(await giveUp(workshop.clean_up as unknown as RemoteMethod<unknown>)).toMatchObject(
      cancelled,
    );
    await expect.poll(() => workshop.notes()).toEqual(['cleaned up']);
  });

  test('that has not started runs nothing of it', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    await workshop.pid();
    const [busy, waiting] = [new AbortController(), new AbortController()];
    const { open, opened } = gate();
    const first = failureOf(workshop.sleep.with({ signal: busy.signal })(open, 3_600));
    await opened;
    const second = failureOf(workshop.note.with({ signal: waiting.signal })('never'));
    waiting.abort();
    expect(await second).toMatchObject(cancelled);
    // The worker has answered it, although it is busy.
    await expect.poll(() => session.connection.live.calls).toBe(1);
    busy.abort();
    expect(await first).toMatchObject(cancelled);
    expect(await workshop.notes()).toEqual([]);
  });

  test('of many that wait cancels these and no other', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    await workshop.pid();
    const ends: unknown[] = [];
    const expected: unknown[] = [];
    for (let n = 0; n < 200; n++) {
      const controller = new AbortController();
      const { open, opened } = gate();
      const spinning = failureOf(workshop.spin.with({ signal: controller.signal })(open));
      const behind = workshop.echo.with({ deadlineMs: 20_000 })(n);
      void opened.then(() => controller.abort());
      ends.push(((await spinning) as { code: string }).code, await behind);
      expected.push('call.cancelled', n);
    }
    expect(ends).toEqual(expected);
  });

  test('that waits for the host ends the wait, also below another call', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const never = () => new Promise<never>(() => undefined);
    const controller = new AbortController();
    const { open, opened } = gate();
    const waiting = failureOf(
      workshop.wait_for.with({ signal: controller.signal })(() => {
        open();
        return never();
      }),
    );
    await opened;
    const inner = gate();
    const above = new AbortController();
    const running = failureOf(workshop.spin.with({ signal: above.signal })(inner.open));
    await inner.opened;
    controller.abort();
    expect(await waiting).toMatchObject(cancelled);
    above.abort();
    expect(await running).toMatchObject(cancelled);
    await expect.poll(() => session.connection.live.calls).toBe(0);
    expect(await workshop.echo('still here')).toBe('still here');
  });

  test('reaches the signal that was passed to it', async () => {
    await using session = new PythonSession();
    const workshop = session.load<Workshop>(workshopFile);
    const controller = new AbortController();
    const { open, opened } = gate();
    const call = failureOf(workshop.poll_signal(controller.signal, open));
    await opened;
    controller.abort();
    expect(await call).toMatchObject(cancelled);
    await expect.poll(() => workshop.notes()).toEqual([true]);
  });

  test('of a tool that goes on all the same is told to the host', async () => {
    await using session = new PythonSession({ graceMs: 20 });
    const workshop = session.load<Workshop>(workshopFile);
    const method = workshop.catch_and_go_on as unknown as RemoteMethod<unknown>;
    const goesOn = gate();
    expect(await giveUp(method, goesOn.open)).toMatchObject(cancelled);
    await goesOn.opened;
    await expect.poll(() => session.stuckCalls).toEqual(['ignoring']);
    session.process.kill();
    await once(session.process.channel, 'close');
  });
});
