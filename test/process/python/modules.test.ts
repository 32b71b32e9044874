import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { Modules } from '../../support/modules.ts';
import { describePython, python } from '../../support/python/pythonSession.ts';

const workshop = path.resolve(import.meta.dirname, '../../fixtures/python/workshop.py');
const options = { runtime: 'python', interpreter: python } as const;

interface Counter {
  increment(by?: number): number;
  readonly count: number;
}
type CounterClass = new (start?: number) => Counter;

describePython('a session of Python modules', () => {
  test.each([
    ['its path', workshop],
    ['its URL', pathToFileURL(workshop)],
  ])('loads one by %s, and its objects can be used before they are there', async (_, module) => {
    await using modules = new Modules();
    using session = await modules.open(options);
    const Counter = session.load<CounterClass>(module, 'Counter');
    const counter = new Counter(40);
    await counter.increment();
    expect(await counter.increment()).toBe(42);
    expect(await counter.count).toBe(42);
  });

  test('loads one of the library by its name', async () => {
    await using modules = new Modules();
    using session = await modules.open(options);
    const math = session.load<{ gcd(a: number, b: number): number }>('math');
    expect(await math.gcd(12, 18)).toBe(6);
  });

  test('runs coroutines, confined as well', async () => {
    await using modules = new Modules();
    using session = await modules.open({ ...options, confinement: { mode: 'preferred' } });
    const { later } = session.load<{ later(value: number): Promise<number> }>(workshop);
    expect(await later(7)).toBe(7);
  });

  test('says what is wrong with one that is not there', async () => {
    await using modules = new Modules();
    using session = await modules.open(options);
    await expect(Promise.resolve(session.load('/nowhere/at/all.py'))).rejects.toMatchObject({
      code: 'tool.load',
      message: expect.stringContaining('/nowhere/at/all.py') as string,
    });
  });

  test('is not shared with those who want Node under the same key', async () => {
    await using modules = new Modules();
    using _session = await modules.open(options);
    await expect(modules.open()).rejects.toMatchObject({
      code: 'session.conflict',
      message: expect.stringContaining('runtime is python') as string,
    });
  });
});
