import os from 'node:os';
import { expect, test } from 'vitest';
import {
  misbehavesFile,
  workshopFile,
  type Misbehaving,
  type Workshop,
} from '../../support/python/modules.ts';
import { Project } from '../../support/project.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { failureOf } from '../../support/remote.ts';

async function open() {
  const session = new PythonSession();
  const misbehaving = session.load<Misbehaving>(misbehavesFile);
  const workshop = session.load<Workshop>(workshopFile);
  const isWell = async () => (await workshop.call_back((n: number) => n, 2)).length === 2;
  return {
    session,
    misbehaving,
    workshop,
    isWell,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

describePython('a tool', () => {
  test('prints what it likes, and the host gets it as output', async () => {
    await using worker = await open();
    await worker.workshop.print_lines();
    await worker.session.process.prints('stdout', /to standard output\npast every stream\n/u);
    await worker.session.process.prints('stderr', /to standard error\n/u);
    expect(await worker.isWell()).toBe(true);
  });

  test('may write half a frame to its output', async () => {
    await using worker = await open();
    await worker.misbehaving.half_a_frame();
    await worker.session.process.prints('stdout', /@\0\0\0half/u);
    expect(await worker.isWell()).toBe(true);
  });

  test.each(['swap_streams', 'close_streams'] as const)('may %s', async name => {
    await using worker = await open();
    await worker.misbehaving[name]();
    await failureOf(worker.workshop.print_lines());
    expect(await worker.isWell()).toBe(true);
    expect(await worker.session.end()).toEqual({ code: 0, signal: null });
  });

  test('may change its folder', async () => {
    await using worker = await open();
    using project = new Project({ 'here.py': 'value = 5\n' });
    expect(await worker.misbehaving.change_folder(project.root)).toBe(project.root);
    expect(await worker.session.load<{ value: number }>('here').value).toBe(5);
    await worker.misbehaving.change_folder(os.tmpdir());
    expect(await worker.isWell()).toBe(true);
  });

  test('does not find the channel at the number where it was', async () => {
    await using worker = await open();
    expect(await failureOf(worker.misbehaving.close_descriptor(3))).toMatchObject({
      remoteCode: 'EBADF',
    });
    expect(await worker.isWell()).toBe(true);
  });

  test('that closes the channel all the same ends its session, which says so', async () => {
    await using worker = await open();
    expect(await failureOf(worker.misbehaving.close_all_descriptors())).toMatchObject({
      code: 'session.lost',
    });
    expect(await worker.session.process.exited).toEqual({ code: 1, signal: null });
    expect(worker.session.process.output.stderr).toMatch(
      /^Error: the connection to the host broke: .*Bad file descriptor$/mu,
    );
  });

  test('gives no program that it starts the channel', async () => {
    await using worker = await open();
    expect(await worker.misbehaving.child_sees()).toBe('[]');
  });

  test('may fork, and its child answers nothing', async () => {
    await using worker = await open();
    expect(await worker.misbehaving.fork_and_return()).toBe('forked');
    expect(await worker.isWell()).toBe(true);
  });

  test('may leave threads running, which end with the session', async () => {
    await using worker = await open();
    await worker.misbehaving.leave_thread();
    expect(await worker.session.end()).toEqual({ code: 0, signal: null });
  });

  test('may lower the recursion limit', async () => {
    await using worker = await open();
    await worker.misbehaving.lower_recursion_limit();
    let deep: unknown = 'deep';
    for (let depth = 0; depth < 400; depth++) deep = [deep];
    expect(await worker.workshop.echo(deep)).toEqual(deep);
    expect(await worker.isWell()).toBe(true);
  });

  test('meets no module of the worker in the place of one of its own', async () => {
    await using worker = await open();
    const [first, hasWire] = await worker.misbehaving.own_path();
    expect([String(first).endsWith('server/python'), hasWire]).toEqual([false, false]);
  });
});
