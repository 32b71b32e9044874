import { expect, test } from 'vitest';
import type { RemoteError } from '../../../server/shared/errors.ts';
import {
  misbehavesFile,
  workshopFile,
  type Misbehaving,
  type Workshop,
} from '../../support/python/modules.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';
import { failureOf } from '../../support/remote.ts';

const told = async (call: PromiseLike<unknown>) => (await failureOf(call)) as RemoteError;

describePython('an exception', () => {
  test('is told with its class, its text and the traceback of the tool', async () => {
    await using session = new PythonSession();
    const error = await told(session.load<Workshop>(workshopFile).fail('no more wood'));
    expect(error).toMatchObject({ remoteName: 'ValueError', message: 'no more wood' });
    expect(error.remoteStack).toMatch(
      /^Traceback \(most recent call last\):\n {2}File ".*workshop\.py", line \d+, in fail\n[^]*\nValueError: no more wood$/u,
    );
    expect(error.remoteStack).not.toContain('greenroom_worker');
  });

  test('is told with its causes, as many as the protocol allows', async () => {
    await using session = new PythonSession();
    const { fail_from_cause } = session.load<Workshop>(workshopFile);
    expect(await told(fail_from_cause())).toMatchObject({
      remoteName: 'RuntimeError',
      message: 'outer',
      cause: { remoteName: 'ValueError', message: 'inner' },
    });
    const { chain, own_cause } = session.load<Misbehaving>(misbehavesFile);
    for (const call of [chain(20), own_cause()]) {
      let causes = 0;
      for (let error = await told(call); error.cause; error = error.cause as RemoteError) causes++;
      expect(causes).toBe(8);
    }
  });

  test.each([
    ['unprintable', 'Unprintable', /cannot be described/u],
    ['ghastly', 'Ghastly', /cannot be described/u],
    ['odd_text', 'ValueError', /a text of its own class/u],
    ['recursion', 'RecursionError', /maximum recursion depth/u],
    ['exit_by_exception', 'SystemExit', /^3$/u],
  ] as const)('harms nothing: %s', async (name, remoteName, message) => {
    await using session = new PythonSession();
    const module = session.load<Misbehaving>(misbehavesFile);
    const error = await told(module[name]());
    expect(error).toMatchObject({ remoteName, message: expect.stringMatching(message) as string });
    expect(await session.load<Workshop>(workshopFile).echo('still here')).toBe('still here');
  });

  test('of the system has its code and its file', async () => {
    await using session = new PythonSession();
    const open = session.load<(file: string) => void>('io', 'open');
    expect(await told(open('/nowhere/at/all'))).toMatchObject({
      remoteName: 'FileNotFoundError',
      remoteCode: 'ENOENT',
      errno: 2,
      path: '/nowhere/at/all',
    });
  });

  test.each<[string, unknown]>([
    ['404', 404],
    ['0', 0],
    ['-1.5', -1.5],
    ["__import__('http').HTTPStatus.GONE", 410],
    ["'EOWN'", 'EOWN'],
    ['True', undefined],
    ["float('inf')", undefined],
    ['10 ** 400', undefined],
  ])('has its code, a text or a number: %s', async (code, remoteCode) => {
    await using session = new PythonSession();
    const exec = session.load<(source: string) => never>('builtins', 'exec');
    const failing = `error = ValueError('no'); error.code = ${code}; raise error`;
    expect(await told(exec(failing))).toMatchObject({ remoteName: 'ValueError', remoteCode });
  });

  test('that ends a program has the code it would end with', async () => {
    await using session = new PythonSession();
    const exit = session.load<(code: number) => never>('sys', 'exit');
    expect(await told(exit(3))).toMatchObject({ remoteName: 'SystemExit', remoteCode: 3 });
  });

  test('where hardly any stack is left is one of the tool, and never one of the worker', async () => {
    await using session = new PythonSession();
    const module = session.load<Misbehaving>(misbehavesFile);
    const workshop = session.load<Workshop>(workshopFile);
    const callback = async (depth: number) => {
      const inner = await failureOf(module.recursion());
      return [depth > 100, (inner as RemoteError).remoteName];
    };
    expect(await module.recursion_with(callback, 0)).toEqual([true, 'RecursionError']);
    expect(await workshop.call_back((n: number) => n, 2)).toEqual([0, 1]);
  });

  test('is told of what cannot be sent, and nothing of it stays behind', async () => {
    await using session = new PythonSession();
    const { deep } = session.load<Misbehaving>(misbehavesFile);
    expect(await deep(400)).toHaveLength(1);
    expect(await told(deep(600))).toMatchObject({ code: 'value.unserializable' });
    expect(await told(deep(100_000))).toMatchObject({ code: 'value.unserializable' });
  });

  test('of a process that ends fails the call', async () => {
    await using session = new PythonSession();
    const { exit_at_once } = session.load<Misbehaving>(misbehavesFile);
    expect(await told(exit_at_once(7))).toMatchObject({ code: 'session.lost' });
    expect(await session.process.exited).toEqual({ code: 7, signal: null });
  });
});
