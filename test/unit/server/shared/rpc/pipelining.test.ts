import { describe, expect, test } from 'vitest';
import { GreenroomError } from '../../../../../server/shared/errors.ts';
import { byRef } from '../../../../../server/shared/rpc/values/policy.ts';
import { endOfTurn, Loopback, nothingLive } from '../../../../support/loopback.ts';
import { failureOf, type Remote } from '../../../../support/remote.ts';

class Text {
  constructor(readonly words: string) {}
  get length() {
    return this.words.length;
  }
  get bad(): never {
    throw new Error('from the getter');
  }
  upper() {
    return new Text(this.words.toUpperCase());
  }
  plus(other: Text) {
    return new Text(this.words + other.words);
  }
  read() {
    return this.words;
  }
  fail(): Text {
    throw Object.assign(new TypeError('no such text'), { code: 'ENOTEXT' });
  }
}

class Person {
  name = '';
  readonly address = { city: 'Bern', street: { number: 3 } };
  static readonly planet = 'Earth';
  set age(value: number) {
    if (value < 0) throw new RangeError('not born');
  }
}

function create() {
  return new Loopback({
    open: (words: string) => new Text(words),
    openSlowly: async (words: string) => {
      await new Promise(setImmediate);
      return new Text(words);
    },
    failSlowly: async (): Promise<Text> => {
      await new Promise(setImmediate);
      throw new GreenroomError('tool.load', 'no such tool');
    },
    read: (text: Text) => text.read(),
    readAll: (texts: { list: Text[]; map: Map<string, Text> }) => [
      ...texts.list.map(text => text.read()),
      ...[...texts.map.values()].map(text => text.read()),
    ],
    add: (a: number, b: number) => a + b,
    each: async (items: number[], ask: (item: number) => Promise<number>) => {
      const answers: number[] = [];
      for (const item of items) answers.push(await ask(item));
      return answers;
    },
    askTwice: (ask: (text: Text) => Promise<string>) => ({
      first: ask(new Text('1')),
      list: [ask(new Text('2'))],
    }),
    ask: (question: () => unknown) => question(),
    person: () => person,
    Person,
    Text,
  });
}
const person = new Person();

interface Nowhere {
  missing: PromiseLike<unknown> & {
    (): PromiseLike<unknown>;
    further: PromiseLike<unknown>;
    batch(items: [][]): PromiseLike<unknown>;
  };
  Missing: new () => PromiseLike<unknown>;
}

describe('a result can be used before it exists', () => {
  test('as a target, in one frame', async () => {
    using pair = create();
    expect(await pair.api.open('words').upper().read()).toBe('WORDS');
    expect(pair.hostPipe.sent).toHaveLength(1);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('as an argument, wherever it stands', async () => {
    using pair = create();
    using one = pair.api.open('one');
    using two = pair.api.openSlowly('two');
    const all = { list: [one, two], map: new Map([['a', two]]) };
    expect(await pair.api.readAll(all)).toEqual(['one', 'two', 'two']);
    expect(pair.hostPipe.sent).toHaveLength(1);
    expect(await pair.api.read(one.plus(two))).toBe('onetwo');
  });

  test('of a method that is not done', async () => {
    using pair = create();
    expect(await pair.api.openSlowly('slow').upper().read()).toBe('SLOW');
    expect(pair.hostPipe.sent).toHaveLength(1);
  });

  test('when it is a plain value', async () => {
    using pair = create();
    const three = pair.api.add(1, 2);
    expect(await pair.api.add(three, pair.api.add(three, 4))).toBe(10);
    expect(pair.hostPipe.sent).toHaveLength(1);
  });

  test('and all calls of one turn travel in one frame', async () => {
    using pair = create();
    const sums = await Promise.all(
      Array.from({ length: 100 }, (_, index) => pair.api.add(index, 1)),
    );
    expect(sums).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(pair.hostPipe.sent).toHaveLength(1);
    expect(pair.workerPipe.sent).toHaveLength(1);
  });

  test('in the order that the list, set or map has', async () => {
    using pair = new Loopback({
      slow: async (value: number) => {
        await new Promise(setImmediate);
        return value;
      },
      spread: (items: Iterable<unknown>) => [...items],
    });
    const slow = () => pair.api.slow(1);
    expect(await pair.api.spread([slow(), 2, 3])).toEqual([1, 2, 3]);
    expect(await pair.api.spread(new Set<unknown>([slow(), 2, 3]))).toEqual([1, 2, 3]);
    const map = new Map<string, unknown>([
      ['a', slow()],
      ['b', 2],
    ]);
    expect(await pair.api.spread(map)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('as the cause and as an own property of an error', async () => {
    using pair = new Loopback({
      slow: async (value: string) => {
        await new Promise(setImmediate);
        return value;
      },
      look: (error: Error & { code?: unknown }) => [error.cause, error.code],
    });
    const error = new Error('x', { cause: pair.api.slow('why') });
    expect(await pair.api.look(Object.assign(error, { code: pair.api.slow('CODE') }))).toEqual([
      'why',
      'CODE',
    ]);
  });

  test('but not as the key of a map', async () => {
    using pair = create();
    const map = new Map([[pair.api.openSlowly('key'), 1]]);
    expect(await failureOf(pair.api.readAll(map as never))).toMatchObject({
      code: 'value.unserializable',
    });
  });

  test('and awaiting it from a timer or an event costs no second frame', async () => {
    using pair = create();
    const { promise, resolve } = Promise.withResolvers<number>();
    const work = async () => resolve(await pair.api.add(1, 2));
    setImmediate(() => void work());
    expect(await promise).toBe(3);
    expect(pair.hostPipe.sent).toHaveLength(1);
  });

  test('late, after it was awaited', async () => {
    using pair = create();
    const result = pair.api.open('late');
    using text = await result;
    expect(await result.read()).toBe('late');
    expect(await pair.api.read(result)).toBe('late');
    expect(await pair.api.read(text)).toBe('late');
    const sum = pair.api.add(1, 2);
    await sum;
    expect(await pair.api.add(sum, sum)).toBe(6);
    expect(await failureOf((sum as unknown as Text).read() as never)).toMatchObject({
      code: 'call.unknownMethod',
    });
  });

  test('while it is on its way here', async () => {
    using pair = create();
    const result = pair.api.openSlowly('awaited');
    const arrived = result.then(text => text);
    await new Promise(setImmediate); // sent without asking to keep it
    expect(await pair.api.read(result)).toBe('awaited');
    expect(await result.upper().read()).toBe('AWAITED');
    await arrived;
  });

  test('awaited in a later turn, also twice', async () => {
    using pair = create();
    const sum = pair.api.add(1, 2);
    await pair.idle();
    expect(pair.live.worker.kept).toBe(1);
    expect(await sum).toBe(3);
    expect(await sum).toBe(3);
    expect(await pair.idle()).toEqual(nothingLive);
  });
});

describe('a failure', () => {
  test('reaches every call that depends on it, and names the call that failed', async () => {
    using pair = create();
    using text = pair.api.failSlowly();
    const failures = await Promise.all([
      failureOf(text.upper().read()),
      failureOf(pair.api.read(text)),
      failureOf(pair.api.readAll({ list: [text], map: new Map() })),
    ]);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: 'tool.load',
        failedCall: 'failSlowly',
        message: "'failSlowly' failed: no such tool",
      });
    }
    expect(pair.unseen).toEqual([]);
  });

  test('names the first in a row, and keeps class and code', async () => {
    using pair = create();
    const failure = await failureOf(pair.api.open('a').fail().upper().upper().read());
    expect(failure).toMatchObject({
      failedCall: 'fail',
      remoteName: 'TypeError',
      remoteCode: 'ENOTEXT',
    });
  });

  test('that nobody has asked for can still be seen by who awaits late', async () => {
    using pair = create();
    const text = pair.api.open('a').fail();
    await pair.idle();
    expect(await failureOf(text)).toMatchObject({ message: 'no such text' });
    expect(await failureOf(text.read())).toMatchObject({ failedCall: 'fail' });
    text[Symbol.dispose]();
    expect(pair.unseen).toEqual([]);
  });

  test.each([
    ['before it was sent', 0],
    ['before it was answered', 1],
    ['after it was answered', 5],
  ])('is told once when its result is given back unseen, %s', async (_when, turns) => {
    using pair = create();
    const text = pair.api.failSlowly();
    for (let left = turns; left > 0; left--) await new Promise(setImmediate);
    text[Symbol.dispose]();
    text[Symbol.dispose]();
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.unseen).toMatchObject([{ name: 'failSlowly', error: { code: 'tool.load' } }]);
  });

  test('is told once when nobody can reach its result any more', async () => {
    using pair = create();
    void (() => void pair.api.failSlowly())();
    expect(await pair.collected()).toEqual(nothingLive);
    await expect.poll(() => pair.unseen).toHaveLength(1);
  });

  test('to send a call that nobody looks at is told when the connection ends', async () => {
    using pair = create();
    const call = pair.api.add(Symbol('no') as never, 1);
    expect(pair.unseen).toEqual([]);
    pair.host.dispose();
    await endOfTurn();
    expect(pair.unseen).toMatchObject([{ name: 'add', error: { code: 'value.unserializable' } }]);
    await failureOf(call); // it can be reached until here
    expect(pair.unseen).toHaveLength(1);
  });

  test('to send a call that somebody awaits later is not told', async () => {
    using pair = create();
    const call = pair.api.add(Symbol('no') as never, 1);
    await failureOf(call);
    pair.host.dispose();
    expect(pair.unseen).toEqual([]);
  });

  test('to send a call that nobody awaits is told as well', async () => {
    using pair = create();
    const call = pair.api.add(Symbol('no') as never, 1);
    call[Symbol.dispose]();
    expect(pair.unseen).toMatchObject([{ name: 'add', error: { code: 'value.unserializable' } }]);
  });
});

describe('a result that was given back', () => {
  test('in the turn in which it was asked for is dropped once it is there', async () => {
    using pair = create();
    {
      using text = pair.api.open('short');
      void text.upper()[Symbol.dispose]();
    }
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.unseen).toEqual([]);
  });

  test('cannot be used any more, and harms nobody', async () => {
    using pair = create();
    const text = pair.api.open('gone');
    await pair.idle();
    text[Symbol.dispose]();
    expect(await failureOf(text.read())).toMatchObject({ code: 'reference.released' });
    expect(await failureOf(pair.api.read(text))).toMatchObject({ code: 'reference.released' });
    expect(await failureOf(text)).toMatchObject({ code: 'reference.released' });
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });
});

describe('callbacks', () => {
  test('work in the middle of a pipeline', async () => {
    using pair = create();
    const asked: number[] = [];
    const answers = await pair.api.each([1, 2, 3], async (item: number) => {
      asked.push(item);
      return pair.api.add(item, 10);
    });
    expect(asked).toEqual([1, 2, 3]);
    expect(answers).toEqual([11, 12, 13]);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('may use what the pipeline they run in will bring', async () => {
    using pair = create();
    using text = pair.api.openSlowly('piped');
    const heard = pair.api.each([1], async () => {
      await pair.api.read(text);
      return 5;
    });
    expect(await heard).toEqual([5]);
  });

  test('that throw fail whoever called them', async () => {
    using pair = create();
    const failure = await failureOf(
      pair.api.each([1], () => {
        throw new RangeError('not this one');
      }),
    );
    expect(failure).toMatchObject({ message: 'not this one', remoteName: 'RangeError' });
  });

  test('whose answers are part of a result are waited for', async () => {
    using pair = create();
    const result = await pair.api.askTwice(async (text: Remote<Text>) => {
      await new Promise(setImmediate);
      return `heard ${await text.read()}`;
    });
    expect(result).toEqual({ first: 'heard 1', list: ['heard 2'] });
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('whose failure is part of a result fail the call', async () => {
    using pair = create();
    const failure = await failureOf(
      pair.api.askTwice(() => {
        throw new RangeError('nothing to say');
      }),
    );
    expect(failure).toMatchObject({ message: expect.stringContaining('nothing to say') as string });
  });
});

describe('members', () => {
  test('are read by a path, which is one call', async () => {
    using pair = create();
    expect(await pair.api.person().address.street.number).toBe(3);
    expect(await pair.api.open('four').length).toBe(4);
    expect(pair.hostPipe.sent).toHaveLength(2);
    expect(await pair.api.Person.planet).toBe('Earth');
  });

  test('are set by assignment, and a setter that throws is told', async () => {
    using pair = create();
    const remote = (await pair.api.person()) as unknown as Person & Disposable;
    remote.name = 'Ada';
    expect(await (remote.name as unknown as Promise<string>)).toBe('Ada');
    remote.age = -1;
    remote[Symbol.dispose]();
    expect(await pair.idle()).toEqual(nothingLive);
    expect(pair.unseen).toMatchObject([{ name: 'age', error: { message: 'not born' } }]);
  });

  test('are arguments as they are, in one frame: values as values, classes as themselves', async () => {
    class Tool {}
    const served = {
      box: { width: 2, height: 3, Tool },
      add: (a: number, b: number) => a + b,
      isTool: (given: unknown) => given === Tool,
      sumOf: ({ sides }: { sides: readonly number[] }) => sides.reduce((a, b) => a + b),
    };
    using pair = new Loopback(served);
    const { box, add, isTool, sumOf } = pair.api;
    expect(await add(box.width, box.height)).toBe(5);
    expect(await add(box.width, box.width)).toBe(4);
    expect(pair.hostPipe.sent).toHaveLength(2);
    expect(await isTool(box.Tool)).toBe(true);
    expect(await sumOf({ sides: [box.width, box.height] })).toBe(5);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('are arguments in any number', async () => {
    using pair = new Loopback({
      numbers: Array.from({ length: 6_000 }, (_, n) => n),
      sum: (items: number[]) => items.reduce((a, b) => a + b),
    });
    const { numbers, sum } = pair.api;
    const all = Array.from({ length: 6_000 }, (_, n) => numbers[n]!);
    expect(await sum(all)).toBe((6_000 * 5_999) / 2);
    expect(await pair.collected()).toEqual(nothingLive);
  });

  test('that cannot be read fail the call that uses them', async () => {
    using pair = create();
    using text = pair.api.open('words');
    expect(await failureOf(pair.api.add(text.bad, 1))).toMatchObject({
      message: "'bad' failed: from the getter",
    });
  });

  test('are no part of an answer, which is said', async () => {
    using pair = create();
    const words = () => ({
      planet: (pair.api as unknown as { Person: { planet: string } }).Person.planet,
    });
    expect(await failureOf(pair.api.ask(words))).toMatchObject({
      message: expect.stringContaining('await it first') as string,
    });
  });

  test('that are empty or count nothing are members all the same', async () => {
    using pair = new Loopback({ list: () => new Text(''), person: () => new Person() });
    expect(await pair.api.list().length).toBe(0);
    expect(await pair.api.person().name).toBe('');
  });

  test('that cannot be set are told', async () => {
    const served = {
      frozen: Object.freeze({ a: 1 }),
      get only() {
        return 1;
      },
    };
    using pair = new Loopback(served);
    const { api } = pair as unknown as { api: { frozen: { a: number }; only: number } };
    api.frozen.a = 2;
    api.only = 2;
    await expect.poll(() => pair.unseen.map(({ name }) => name)).toEqual(['a', 'only']);
    expect(pair.unseen[0]?.error).toMatchObject({ message: "'a' cannot be set" });
  });

  test('that are not there are read as undefined, and lead nowhere', async () => {
    using pair = create();
    const root = pair.api as unknown as Nowhere;
    expect(await root.missing).toBeUndefined();
    for (const call of [root.missing.further, root.missing(), root.missing.batch([[]])]) {
      expect(await failureOf(call)).toMatchObject({ code: 'call.unknownMethod' });
    }
    expect(await failureOf(new root.Missing())).toMatchObject({ code: 'call.unknownMethod' });
  });

  test('are constructed', async () => {
    using pair = create();
    expect(await new pair.api.Text('made').upper().read()).toBe('MADE');
    expect(await new pair.api.Person().address.city).toBe('Bern');
  });

  test('a getter that throws fails the call with what it threw', async () => {
    using pair = create();
    expect(await failureOf(pair.api.open('x').bad)).toMatchObject({ message: 'from the getter' });
    const sent = {
      get bad(): never {
        throw new Error('from here');
      },
    };
    expect(await failureOf(pair.api.add(sent as never, 1))).toMatchObject({ message: 'from here' });
    expect(await pair.api.add(1, 1)).toBe(2);
  });

  test('a getter that uses the connection while its value is sent is refused', async () => {
    using pair = create();
    const value = {
      get bad() {
        return pair.api.add(1, 1);
      },
    };
    expect(await failureOf(pair.api.add(value as never, 1))).toMatchObject({
      code: 'value.unserializable',
    });
    expect(await pair.api.add(1, 1)).toBe(2);
    expect(pair.ends).toEqual({ host: [], worker: [] });
  });

  test('a member may have a name that functions of old have', async () => {
    class Node {
      arguments = [1, 2];
      caller = () => 'called';
    }
    const read = async (node: Record<string, PromiseLike<unknown> & (() => unknown)>) => [
      await node['arguments'],
      await node['caller']!(),
    ];
    using pair = new Loopback({ node: () => new Node(), read });
    const node = await pair.api.node();
    expect([await node.arguments, await node.caller()]).toEqual([[1, 2], 'called']);
    expect(await pair.api.read(byRef({ arguments: [1], caller: () => 2 }) as never)).toEqual([
      [1],
      2,
    ]);
    const { caller } = pair.api.node as unknown as Record<string, PromiseLike<unknown>>;
    expect(await failureOf(caller!)).toMatchObject({ code: 'call.unknownMethod' });
  });

  test.each([
    '__proto__',
    'constructor',
    'prototype',
    'then',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'apply',
    'call',
    'bind',
    'missing',
  ])('the name %s leads nowhere, to be called, read on or set', async name => {
    using pair = create();
    const { host } = pair;
    using target = await pair.api.open('safe');
    const remote = target as unknown as Record<string, Record<string, () => never>>;
    if (name !== 'then') {
      expect(await failureOf(remote[name]!['x']!())).toMatchObject({ code: 'call.unknownMethod' });
    }
    const root = pair.api as unknown as Record<string, () => PromiseLike<unknown>>;
    if (name !== 'then') {
      expect(await failureOf(root[name]!())).toMatchObject({ code: 'call.unknownMethod' });
    }
    if (name !== 'missing') {
      remote[name] = {};
      await pair.idle();
      await expect
        .poll(() => pair.unseen)
        .toMatchObject([{ error: { code: 'call.unknownMethod' } }]);
    }
    expect(host.ended).toBeUndefined();
    expect(await target.read()).toBe('safe');
  });
});

test('a member that is a promise has to be awaited before going on from it', async () => {
  const object = { later: Promise.resolve({ x: 5 }) };
  using pair = new Loopback({ make: () => byRef(object) });
  const made = pair.api.make() as unknown as {
    later: PromiseLike<{ x: number }> & { x: PromiseLike<number> };
  };
  expect(await made.later).toEqual({ x: 5 });
  object.later = Object.assign(object.later, { cancel: () => 'cancelled' });
  const { later } = made as unknown as { later: { cancel(): PromiseLike<string> } };
  expect(await later.cancel()).toBe('cancelled');
  expect(await failureOf(made.later.x)).toMatchObject({
    code: 'call.unknownMethod',
    message: "'later' is a promise, which has no members; await it first",
  });
});
