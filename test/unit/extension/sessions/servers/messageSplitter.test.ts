import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageSplitter } from '../../../../../extension/sessions/servers/messageSplitter.ts';

/** What comes out of these chunks. */
function split(chunks: readonly (string | Buffer)[], maxBodyBytes = 1_000): string[] {
  const bodies: string[] = [];
  const splitter = new MessageSplitter(maxBodyBytes, body => bodies.push(body.toString()));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk as string));
  return bodies;
}

function framed(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function bytesOf(text: string): Buffer[] {
  return [...Buffer.from(text)].map(byte => Buffer.of(byte));
}

test('several messages in one chunk come out in their order', () => {
  expect(split([framed('one') + framed('two') + framed('three')])).toEqual(['one', 'two', 'three']);
});

test('a message that comes byte by byte comes out once, when its last byte is there', () => {
  const bodies: string[] = [];
  const splitter = new MessageSplitter(100, body => bodies.push(body.toString()));
  const bytes = bytesOf(framed('{"a":"ü€😀"}'));
  for (const byte of bytes.slice(0, -1)) splitter.push(byte);
  expect(bodies).toEqual([]);
  splitter.push(bytes.at(-1)!);
  expect(bodies).toEqual(['{"a":"ü€😀"}']);
});

test('a length counts bytes, not characters', () => {
  expect(split([`Content-Length: 4\r\n\r\n😀${framed('next')}`])).toEqual(['😀', 'next']);
});

test.each([
  ['a type behind the length', 'Content-Length: 2\r\nContent-Type: application/x; charset=utf-8'],
  ['a type before the length', 'Content-Type: application/x; charset=utf-8\r\nContent-Length: 2'],
  ['another case', 'content-LENGTH: 2'],
  ['no space', 'Content-Length:2'],
  ['spaces and tabs around', 'Content-Length: \t 2 \t'],
])('a header may have %s', (_what, header) => {
  const text = `${header}\r\n\r\nhi${framed('next')}`;
  expect(split([text])).toEqual(['hi', 'next']);
  expect(split(bytesOf(text))).toEqual(['hi', 'next']);
});

test('a message may be empty', () => {
  expect(split([framed('') + framed('next')])).toEqual(['', 'next']);
});

test('a message may be as long as the limit, and no longer', () => {
  expect(split([framed('1234')], 4)).toEqual(['1234']);
  expect(() => split(['Content-Length: 5\r\n\r\n'], 4)).toThrow(
    'a message of 5 bytes was announced; the limit is 4',
  );
});

test.each([
  ['no length', 'Content-Type: x'],
  ['a length that is no number', 'Content-Length: many'],
  ['a length below nothing', 'Content-Length: -1'],
  ['a length that no number holds', `Content-Length: ${'9'.repeat(16)}`],
  ['two lengths in one', 'Content-Length: 1, 2'],
])('a header with %s is a violation that shows it', (_what, header) => {
  expect(() => split([`${header}\r\n\r\n{}`])).toThrow(
    expect.objectContaining({
      code: 'protocol.violation',
      message: expect.stringContaining(`a message without a length: '${header}'`) as string,
    }),
  );
});

test.each([
  ['alone', ['Listening on stdio']],
  ['in pieces', ['Conte', 'st is open\n']],
  ['before a message', [`Debugger attached.\n${framed('{}')}`]],
  ['behind a message', [framed('{}'), 'done\n']],
  ['a message without a header', ['{"jsonrpc":"2.0"}']],
])('what was printed for people is told at once, with its words: %s', (_what, chunks) => {
  const line = chunks.at(-1)!.split('\n')[0]!;
  expect(() => split(chunks)).toThrow(
    expect.objectContaining({
      code: 'protocol.violation',
      message: expect.stringMatching(/^.*it printed '.+' where a message was expected$/u) as string,
    }),
  );
  expect(() => split(chunks)).toThrow(line.slice(-10));
});

test.each([
  ['in one chunk', [`Content-Type: ${'x'.repeat(10_000)}`]],
  ['in many', ['Content-Type: ', ...Array<string>(100).fill('x'.repeat(100))]],
])('a header without an end is a violation: %s', (_what, chunks) => {
  expect(() => split(chunks)).toThrow(/it printed 'Content-Type: xxx/u);
});

test('a long message behind a short header in one chunk is no endless header', () => {
  const body = 'x'.repeat(20_000);
  expect(split([framed(body) + framed('next')], 100_000)).toEqual([body, 'next']);
});

test('whatever the messages and wherever they are cut, they come out as they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 8 }),
      fc.array(fc.nat(500)),
      (bodies, places) => {
        const whole = Buffer.from(bodies.map(framed).join(''));
        const cuts = [...new Set([0, ...places, whole.length])]
          .filter(place => place <= whole.length)
          .sort((one, other) => one - other);
        const chunks = cuts.map((cut, index) => whole.subarray(cut, cuts[index + 1]));
        expect(split(chunks)).toEqual(bodies.map(body => Buffer.from(body).toString()));
      },
    ),
  );
});
