import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyValue } from '../support/anyValue.ts';
import { Modules, workshopFile, type Workshop } from '../support/modules.ts';
import { ModulesInFolder } from '../support/modulesInFolder.ts';

const mebibyte = 1024 * 1024;
const bytes = new Uint8Array(mebibyte).fill(7);
const sum = (mebibyte * 7) % 65_521;

const here = new ModulesInFolder();

test('large bytes cross beside the message in both directions, by the same segments each time', async () => {
  using session = await here.modules.open();
  const { mirror, checksum } = session.load<Workshop>(workshopFile);
  for (let round = 0; round < 5; round++) {
    expect(await checksum(bytes)).toBe(sum);
    expect((await mirror(bytes))[0]).toHaveLength(mebibyte);
  }
  expect(here.segments).toEqual(['h1', 'w1']);
});

test('whatever structured clone would carry comes back from a session as it was', async () => {
  using session = await here.modules.open();
  const { echo } = session.load<Workshop>(workshopFile);
  const large = [bytes, new Float64Array(mebibyte).fill(0.5), bytes.slice(0, 70_000).buffer];
  const survives = fc.asyncProperty(anyValue(...large), async value => {
    expect(isDeepStrictEqual(await echo([value]), structuredClone([value]))).toBe(true);
  });
  await fc.assert(survives, { numRuns: 200 });
});

test('segments are free again after a call that failed, or whose caller has given up', async () => {
  using session = await here.modules.open();
  const workshop = session.load<Workshop>(workshopFile);
  const failing = workshop.fail as unknown as (bytes: Uint8Array) => Promise<never>;
  for (let round = 0; round < 5; round++) {
    await Promise.allSettled([failing(bytes)]);
    const controller = new AbortController();
    const given = workshop.echo.with({ signal: controller.signal })(bytes);
    controller.abort();
    await Promise.allSettled([given]);
    await workshop.pid();
  }
  expect(here.segments.filter(name => name.startsWith('h')).length).toBeLessThanOrEqual(2);
});

test('a call that cannot be sent gives its segment back', async () => {
  using session = await here.modules.open();
  const { echo, checksum } = session.load<Workshop>(workshopFile);
  for (let round = 0; round < 5; round++) {
    await expect(Promise.resolve(echo([bytes, Symbol('no')]))).rejects.toMatchObject({
      code: 'value.unserializable',
    });
  }
  expect(await checksum(bytes)).toBe(sum);
  expect(here.segments).toEqual(['h1']);
});

test('nothing is left of a process that is killed while bytes are on their way', async () => {
  using session = await here.modules.open();
  const workshop = session.load<Workshop>(workshopFile);
  const pid = await workshop.pid();
  const calls = Array.from({ length: 20 }, () => workshop.echo(bytes));
  process.kill(pid, 'SIGKILL');
  const ends = await Promise.allSettled(calls);
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']));
  await expect.poll(() => here.segments).toEqual([]);
  using next = await here.modules.open();
  expect(await next.load<Workshop>(workshopFile).checksum(bytes)).toBe(sum);
});

test('without shared memory the same bytes come by the pipe', async () => {
  await using without = new Modules({ segmentFolder: '/nowhere' });
  using session = await without.open();
  const { checksum, filled } = session.load<Workshop>(workshopFile);
  expect(await checksum(bytes)).toBe(sum);
  expect(Buffer.compare(await filled(mebibyte, 9), Buffer.alloc(mebibyte, 9))).toBe(0);
});

test('without shared memory as many bytes come by the pipe, whoever calls', async () => {
  await using without = new Modules({ segmentFolder: '/nowhere' });
  using session = await without.open();
  const { mirror, askSync } = session.load<Workshop>(workshopFile);
  const many = randomBytes(100 * mebibyte);
  const [first, few, last] = await mirror(many, Buffer.of(1, 2), bytes);
  expect(Buffer.compare(first!, many)).toBe(0);
  expect([...few!]).toEqual([1, 2]);
  expect(Buffer.compare(last!, bytes)).toBe(0);
  const asked: Uint8Array[] = [];
  const ask = (value: Uint8Array) => {
    asked.push(value);
    return many;
  };
  const answer = await askSync(ask, many.subarray(1));
  expect(Buffer.compare(asked[0]!, many.subarray(1))).toBe(0);
  expect(Buffer.compare(answer, many)).toBe(0);
});

test('where shared memory is full, the rest comes by the pipe', async () => {
  using session = await here.modules.open();
  const { mirror } = session.load<Workshop>(workshopFile);
  const most = 512 * mebibyte; // of it, on each side
  const many = new Uint8Array(most / 2 + mebibyte).fill(5);
  const both = await Promise.all([mirror(many), mirror(many.subarray(1))]);
  const [one, other] = both.map(([value]) => value!);
  expect(Buffer.compare(one!, many)).toBe(0);
  expect(Buffer.compare(other!, many.subarray(1))).toBe(0);
});
