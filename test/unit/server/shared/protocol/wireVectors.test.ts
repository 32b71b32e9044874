import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Op, Tag } from '../../../../../server/shared/protocol/wire.ts';
import { Loopback } from '../../../../support/loopback.ts';
import {
  describeSync,
  refusedSyncVectors,
  syncVectors,
  type SyncVector,
} from '../../../../support/syncVectors.ts';
import { read, write } from '../../../../support/valueTrip.ts';
import { fromNotation } from '../../../../support/wireNotation.ts';
import {
  describeMessages,
  messageVectors,
  refusedVectors,
  valueVectors,
  vectorRoad,
  type MessageVector,
  type RefusedVector,
  type ValueVector,
} from '../../../../support/wireVectors.ts';

const folder = path.join(import.meta.dirname, '../../../../fixtures/wire');

function load<T>(name: string): T[] {
  return JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as T[];
}

const values = load<ValueVector>('values.json');
const messages = load<MessageVector>('messages.json');
const refused = load<RefusedVector>('refused.json');
const synchronous = load<SyncVector>('synchronous.json');

describe('a value is written as the vectors say, and read again', () => {
  test.each(values)('$name', ({ hex, otherForms = [], value }) => {
    const made = fromNotation(value);
    expect(write(made, { road: vectorRoad }).bytes.toString('hex')).toBe(hex);
    for (const form of [hex, ...otherForms]) {
      const arrived = read(Buffer.from(form, 'hex'), { road: vectorRoad });
      expect({ form, isSame: isDeepStrictEqual(arrived, made) }).toEqual({ form, isSame: true });
    }
  });

  test('and the vectors hold all that the tests know', () => {
    expect(values).toEqual(valueVectors());
  });

  test('for every tag there is one', () => {
    const tags = new Set(values.map(({ hex }) => parseInt(hex.slice(0, 2), 16)));
    const insideOnly: number[] = [Tag.gap, Tag.same];
    const all = Array.from({ length: Tag.result + 1 }, (_, tag) => tag);
    const missing = all.filter(tag => !tags.has(tag) && !insideOnly.includes(tag));
    expect(missing).toEqual([]);
  });
});

describe('a message is read as the vectors say', () => {
  test.each(messages)('$name', ({ hex, messages: told }) => {
    expect(JSON.parse(JSON.stringify(describeMessages(Buffer.from(hex, 'hex'))))).toEqual(told);
  });

  test('and connections say exactly that', async () => {
    const said = await messageVectors();
    expect(said.map(({ name, hex }) => ({ name, hex }))).toEqual(
      messages.map(({ name, hex }) => ({ name, hex })),
    );
  });

  test('for every kind there is one', () => {
    const kinds = new Set(messages.map(({ hex }) => parseInt(hex.slice(0, 2), 16)));
    expect([...kinds].sort((a, b) => a - b)).toEqual(
      Array.from({ length: Op.timedDone }, (_, kind) => kind + 1),
    );
  });
});

describe('a frame that must be refused ends the connection', () => {
  test.each(refused)('$receivedBy: $name', ({ receivedBy, hex }) => {
    using pair = new Loopback({
      echo: (value: unknown) => value,
      never: () => new Promise<never>(() => undefined),
    });
    pair[`${receivedBy}Pipe`].deliver(Buffer.from(hex, 'hex'));
    expect(pair[receivedBy].ended).toMatchObject({ error: { code: 'protocol.violation' } });
  });

  test('and the vectors hold all that the tests know', () => {
    expect(refused).toEqual(refusedVectors());
  });
});

describe('what is said on the channel for synchronous calls is read as the vectors say', () => {
  test.each(synchronous)('$sentBy: $name', ({ message, ...vector }) => {
    expect(describeSync(vector)).toEqual(message);
  });

  test('and connections say exactly that', async () => {
    expect(await syncVectors()).toEqual(synchronous);
  });

  // That each is refused, test/unit/server/shared/rpc/syncCalls.test.ts shows.
  test('and the vectors hold all that is refused there', () => {
    expect(load<RefusedVector>('refusedSynchronous.json')).toEqual(refusedSyncVectors());
  });
});
