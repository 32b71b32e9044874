import { expect, test } from 'vitest';
import { nodePlatform } from '../../../../server/node/nodePlatform.ts';

test.each<[string, (task: () => void) => void]>([
  ['a timer or an event', task => void setImmediate(task)],
  ['a promise', task => void Promise.resolve().then(task)],
  ['a tick', task => process.nextTick(task)],
])('a turn that %s has begun ends after all its promises', async (_what, begin) => {
  const order: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  begin(() => {
    nodePlatform.endOfTurn(() => {
      order.push('end');
      resolve();
    });
    void Promise.resolve()
      .then(() => order.push('first'))
      .then(() => order.push('second'))
      .then(() => order.push('third'));
  });
  await promise;
  expect(order).toEqual(['first', 'second', 'third', 'end']);
});

test('a text that is not UTF-8 is refused', () => {
  expect(() => nodePlatform.text.read(Buffer.from([0xc3, 0x28]), 0, 2)).toThrow('not UTF-8');
});

test('a text may hold the character that stands for what is no text', () => {
  const text = 'a \ufffd b';
  const bytes = Buffer.from(text);
  expect(nodePlatform.text.read(bytes, 0, bytes.length)).toBe(text);
});

test('text is written where it belongs, into memory of either class', () => {
  for (const memory of [nodePlatform.allocate(8).fill(0), new Uint8Array(8)]) {
    expect(nodePlatform.text.write('ä!', memory, 2)).toBe(3);
    expect([...memory]).toEqual([0, 0, 0xc3, 0xa4, 0x21, 0, 0, 0]);
    expect(nodePlatform.text.read(memory, 2, 5)).toBe('ä!');
  }
});
