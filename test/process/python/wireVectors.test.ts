import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { python, PythonProcess, supportProgram } from '../../support/python/pythonSession.ts';
import { describePython } from '../../support/python/pythonSession.ts';
import { frame } from '../../support/wireBytes.ts';
import type { MessageVector, RefusedVector, ValueVector } from '../../support/wireVectors.ts';

const folder = path.join(import.meta.dirname, '../../fixtures/wire');

function load<T>(name: string): T[] {
  return JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')) as T[];
}

/** What the Python implementation makes of the vectors. */
function inPython<T>(what: 'values' | 'messages'): T[] {
  const input = fs.readFileSync(path.join(folder, `${what}.json`));
  const program = supportProgram('vectors.py');
  return JSON.parse(
    execFileSync(python, ['-W', 'error', program, what], { input, encoding: 'utf8' }),
  ) as T[];
}

interface MessageInPython {
  readonly hex: string;
  readonly read: object[] | string;
  readonly readAgain: object[] | string;
}

const refusedByWorkers = load<RefusedVector>('refused').filter(
  ({ receivedBy }) => receivedBy === 'worker',
);

/** What only the other side may say, or says of calls that this one does not make. */
const notForWorkers = [
  'hello',
  'a start',
  'a result with times',
  'word that a result is kept, with times',
];

describePython('the Python implementation of the wire', () => {
  test('writes and reads every value as the vectors say', () => {
    const vectors = load<ValueVector>('values');
    // Bytes that were in a segment, or sent ahead, are bytes.
    const expected = vectors.map(({ name, hex, otherForms = [], value }) => {
      const isSegment = typeof value === 'object' && value !== null && 'segment' in value;
      const read = {
        value: isSegment
          ? { bytes: 'Uint8Array', hex: `0${value.segment}`.repeat(value.length) }
          : value,
        left: 0,
      };
      return { name, hex, read: [hex, ...otherForms].map(() => read) };
    });
    expect(inPython('values')).toEqual(expected);
  });

  test('writes and reads every message as the vectors say', () => {
    const made = inPython<MessageInPython>('messages');
    load<MessageVector>('messages').forEach(({ name, hex, messages }, index) => {
      const { hex: written, read, readAgain } = made[index]!;
      const isForWorkers = !notForWorkers.includes(name);
      const expected = isForWorkers ? messages.map(withoutTimes) : 'protocol.violation';
      expect({ name, read, readAgain }).toEqual({ name, read: expected, readAgain: expected });
      expect({ name, written }).toEqual({ name, written: hex });
    });
  });

  test.concurrent.each(refusedByWorkers)('ends its process for $name', async ({ hex }) => {
    using worker = new PythonProcess(supportProgram('servesTheVectors.py'));
    worker.channel.on('error', () => undefined).resume();
    worker.channel.write(frame(Buffer.from(hex, 'hex')));
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.output.stderr).toMatch(/^Error: the connection to the host broke: .+\n$/u);
  });
});

/** A worker makes no calls whose times it would be told. */
function withoutTimes(message: object): object {
  if ((message as { kind: string }).kind !== 'error') return message;
  const names = ['receivedMs', 'startedMs', 'finishedMs'];
  return Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)));
}
