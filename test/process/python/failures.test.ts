import { expect, test } from 'vitest';
import type { RemoteError } from '../../../server/shared/errors.ts';
import { errorLimits } from '../../../server/shared/toldErrors.ts';
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

  test('of the host comes back with the place where it was thrown', async () => {
    await using session = new PythonSession();
    const throwing = () => {
      throw new RangeError('thrown here');
    };
    const error = await told(session.load<Workshop>(workshopFile).call_back(throwing, 1));
    expect(error).toMatchObject({ remoteName: 'RangeError', message: 'thrown here' });
    expect(error.remoteStack).toMatch(/^RangeError: thrown here\n {4}at throwing /u);
  });

  test('of the host that has a cause hides what the tool was handling, as in Python', async () => {
    await using session = new PythonSession();
    const { call_while_handling } = session.load<Misbehaving>(misbehavesFile);
    const fail = (cause?: Error) => () => {
      throw new Error('no', cause && { cause });
    };
    expect(await call_while_handling(fail())).toEqual(['first', false]);
    expect(await call_while_handling(fail(new Error('why')))).toEqual(['first', true]);
  });

  test('that stands for several is told with them, there and back', async () => {
    await using session = new PythonSession();
    const exec = session.load<(source: string) => never>('builtins', 'exec');
    const group = `error = ValueError('both'); error.exceptions = (KeyError('one'), OSError('two'))`;
    const errors = [
      { remoteName: 'KeyError', message: "'one'" },
      { remoteName: 'OSError', message: 'two' },
    ];
    expect(await told(exec(`${group}; raise error`))).toMatchObject({ message: 'both', errors });
    const { call_back } = session.load<Workshop>(workshopFile);
    const throwing = () => {
      throw new AggregateError([new RangeError('three'), new TypeError('four')]);
    };
    expect(await told(call_back(throwing, 1))).toMatchObject({
      remoteName: 'AggregateError',
      message: 'three; four',
      errors: [
        { remoteName: 'RangeError', message: 'three' },
        { remoteName: 'TypeError', message: 'four' },
      ],
    });
  });

  test('keeps what it calls exceptions and are none', async () => {
    await using session = new PythonSession();
    const exec = session.load<(source: string) => never>('builtins', 'exec');
    const source = `error = ValueError('x'); error.exceptions = ['a']; raise error`;
    expect(await told(exec(source))).toMatchObject({ exceptions: ['a'] });
  });

  test('keeps its properties when one of them cannot be read', async () => {
    await using session = new PythonSession();
    const exec = session.load<(source: string) => never>('builtins', 'exec');
    const source = `class Odd(ValueError): exceptions = property(lambda self: 1 / 0)
error = Odd('x'); error.hint = 'h'; raise error`;
    expect(await told(exec(source))).toMatchObject({ remoteName: 'Odd', hint: 'h' });
  });

  test('is told in brief where a batch has many', async () => {
    await using session = new PythonSession();
    const { fail } = session.load<Workshop>(workshopFile);
    const items = Array.from({ length: 3_000 }, (): [string] => ['x'.repeat(4_000)]);
    const outcomes = await fail.batch(items, { settle: true });
    const reasons = outcomes.map(one => (one as PromiseRejectedResult).reason as RemoteError);
    expect(reasons[0]!.remoteStack).toMatch(/in fail/u);
    expect(reasons[0]!.message).toHaveLength(4_000);
    expect(reasons.at(-1)).toMatchObject({ remoteName: 'ValueError' });
    expect(reasons.at(-1)!.remoteStack).toBeUndefined();
    expect(reasons.at(-1)!.message).toHaveLength(errorLimits.name);
  });

  test('that stands for itself is told as often as the protocol allows', async () => {
    await using session = new PythonSession();
    const exec = session.load<(source: string) => never>('builtins', 'exec');
    const source = `error = ValueError('x'); error.exceptions = (error,) * 20; raise error`;
    const error = await told(exec(source));
    const count = ({ errors = [] }: RemoteError): number =>
      errors.reduce((sum, one) => sum + count(one), 1);
    expect(count(error)).toBe(errorLimits.together);
  });

  const one = { name: 'E', message: 'm' };
  const wide = { ...one, errors: Array<object>(8).fill(one) };
  const nested = (depth: number): object =>
    depth === 0 ? one : { ...one, errors: [nested(depth - 1)] };
  test.each<[string, object, string | undefined]>([
    ['as many as there may be', wide, undefined],
    ['as deep as they may be', nested(8), undefined],
    ['no list', { ...one, errors: one }, 'not a list'],
    ['no errors', { ...one, errors: [1] }, 'not an object'],
    ['too many', { ...one, errors: Array(9).fill(one) }, 'too many'],
    ['too deep ones', nested(9), 'causes'],
    ['too many together', { ...one, errors: Array(4).fill(wide) }, 'too many others'],
  ])('of the host that stands for several is parsed, with %s', async (_what, raw, refusal) => {
    await using session = new PythonSession();
    const exec = session.load<(source: string) => void>('builtins', 'exec');
    const call = exec(`from greenroom_worker.told_errors import parse_wire_error
raw = ${JSON.stringify(raw)}
assert parse_wire_error(raw) == raw`);
    if (refusal === undefined) return void (await call);
    expect(await told(call)).toMatchObject({
      remoteCode: 'protocol.violation',
      message: expect.stringContaining(refusal) as string,
    });
  });

  test('of a process that ends fails the call', async () => {
    await using session = new PythonSession();
    const { exit_at_once } = session.load<Misbehaving>(misbehavesFile);
    expect(await told(exit_at_once(7))).toMatchObject({ code: 'session.lost' });
    expect(await session.process.exited).toEqual({ code: 7, signal: null });
  });
});
