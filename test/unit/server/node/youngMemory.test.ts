import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import { expect, test, vi } from 'vitest';
import { YoungMemory } from '../../../../server/node/youngMemory.ts';

const mebibyte = 1024 * 1024;

test('each piece of memory is a buffer of its own', () => {
  const memory = new YoungMemory(() => undefined);
  const bytes = memory.allocate(70_000);
  expect([bytes.byteOffset, bytes.length, bytes.buffer.byteLength]).toEqual([0, 70_000, 70_000]);
  expect(memory.allocate(70_000).buffer).not.toBe(bytes.buffer);
});

test('the young are collected once for some MiB, in a turn of its own, and not for less', async () => {
  const collect = vi.fn();
  const memory = new YoungMemory(() => collect);
  for (let n = 0; n < 11; n++) memory.allocate(mebibyte / 4);
  await setImmediate();
  expect(collect).not.toHaveBeenCalled();
  memory.allocate(mebibyte / 4);
  memory.allocate(mebibyte / 4);
  expect(collect).not.toHaveBeenCalled();
  await setImmediate();
  expect(collect.mock.calls).toEqual([[{ type: 'minor' }]]);
  for (let n = 0; n < 12; n++) memory.allocate(mebibyte / 4);
  expect(collect).toHaveBeenCalledTimes(1);
  await setImmediate();
  expect(collect).toHaveBeenCalledTimes(2);
});

test('they are collected at once where that turn does not come, and not again in it', async () => {
  const collect = vi.fn();
  const memory = new YoungMemory(() => collect);
  for (let n = 0; n < 25; n++) memory.allocate(mebibyte / 2);
  expect(collect).toHaveBeenCalledTimes(2);
  await setImmediate();
  expect(collect).toHaveBeenCalledTimes(2);
});

test.each(['in one turn', 'turn by turn'])(
  'what arrives %s and is dropped does not pile up',
  async how => {
    const memory = new YoungMemory();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    for (let n = 0; n < 200; n++) {
      memory.allocate(mebibyte / 2);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      if (how === 'turn by turn') await setImmediate();
    }
    expect(most).toBeLessThan(12 * mebibyte);
  },
);

test('the program gets no collector that it had not', () => {
  const had = globalThis.gc;
  new YoungMemory().allocate(8 * mebibyte);
  expect(globalThis.gc).toBe(had);
});

test('an engine that shows no collector is asked once, and nothing fails', async () => {
  const set = vi.spyOn(v8, 'setFlagsFromString').mockImplementation(() => undefined);
  vi.resetModules();
  try {
    const { YoungMemory } = await import('../../../../server/node/youngMemory.ts');
    const memory = new YoungMemory();
    for (let n = 0; n < 4; n++) expect(memory.allocate(8 * mebibyte)).toHaveLength(8 * mebibyte);
    expect(set.mock.calls.filter(([flag]) => flag === '--expose-gc')).toHaveLength(1);
  } finally {
    set.mockRestore();
  }
});
