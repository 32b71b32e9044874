import { Buffer } from 'node:buffer';
import { EventEmitter } from 'node:events';
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return,
   @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access,
   @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment
   -- a hostile module has no types */
import { describe, expect, test } from 'vitest';
import { createWorkScope } from '../../../../../server/node/workScope.ts';
import { CallFlag, Op } from '../../../../../server/shared/protocol/wire.ts';
import { getHandle } from '../../../../../server/shared/rpc/handle.ts';
import type { OutgoingCall } from '../../../../../server/shared/rpc/outgoingCall.ts';
import { isRemote, type RemoteObject } from '../../../../../server/shared/rpc/remoteObject.ts';
import {
  byRef,
  byValue,
  type PassingPolicy,
} from '../../../../../server/shared/rpc/values/policy.ts';
import { Loopback, LoopbackTransport } from '../../../../support/loopback.ts';
import { failureOf, type Remote } from '../../../../support/remote.ts';
import { bytes, count, small, text } from '../../../../support/wireBytes.ts';

const refused = expect.objectContaining({ code: 'call.unknownMethod' }) as Error;

/** What a worker's module finds when it tries something with what the host has handed over. */
async function tries<T extends object>(
  given: T,
  attempt: (given: Remote<T>) => unknown,
  policy?: PassingPolicy,
): Promise<unknown> {
  let found: unknown;
  const root = {
    async take(handed: Remote<T>) {
      found = await attempt(handed);
    },
  };
  using pair = new Loopback(root, { host: { ...(policy && { policy }) } });
  await pair.api.take(given as never);
  return found;
}

/** The same, with what a callback of the host brings. */
const triesResult = <T>(result: T, attempt: (call: any) => unknown) =>
  tries(() => result, attempt as (given: Remote<() => T>) => unknown);

class Service {
  constructor(readonly list: string[] = ['a']) {}

  first(): string | undefined {
    return this.list[0];
  }
}

describe('of a callback that was handed to it a session', () => {
  test('reads own and inherited members', async () => {
    class Base {
      static create() {
        return 7;
      }
    }
    class Derived extends Base {}
    expect(
      await tries(
        () => 1,
        given => (given as unknown as { length: unknown }).length,
      ),
    ).toBe(0);
    expect(await tries(Derived, given => (given as any).create())).toBe(7);
  });

  test('sets nothing', async () => {
    const callback = () => 1;
    expect(await tries(callback, given => failureOf(setOn(given, ['kept'], 'x')))).toEqual(refused);
    expect(Object.keys(callback)).toEqual([]);
  });

  test.each([
    ['a text', (given: any) => given.name.padEnd(40)],
    ['a number', (given: any) => given.length.toFixed(2)],
  ])('does not call what %s has by its language', async (_what, attempt) => {
    expect(
      await tries(
        () => 1,
        given => failureOf(attempt(given)),
      ),
    ).toEqual(refused);
  });
});

describe('of what a callback brings as a copy a session', () => {
  test('reads parts, on the way too', async () => {
    const settings = { allow: ['a'], place: { row: 3 } };
    expect(await triesResult(settings, call => call().place.row)).toBe(3);
    expect(await triesResult(settings, call => call().allow[0])).toBe('a');
    expect(await triesResult([1, 2], call => call().length)).toBe(2);
  });

  test.each([
    ['a text', 'text', (call: any) => call().padEnd(40)],
    ['a list', ['a'], (call: any) => call().push('evil')],
    ['a map', new Map([['a', 1]]), (call: any) => call().set('a', 2)],
    ['a date', new Date(0), (call: any) => call().setTime(1)],
    ['a regular expression', /a/u, (call: any) => call().test('a')],
    ['bytes', Buffer.from('hi'), (call: any) => call().buffer],
  ])('calls no method of %s', async (_what, result, attempt) => {
    const before = structuredClone(result);
    expect(await triesResult(result, call => failureOf(attempt(call)))).toEqual(refused);
    expect(structuredClone(result)).toEqual(before);
  });

  test('changes nothing', async () => {
    const settings = { trusted: false, allow: ['a'] };
    const trust = (call: any) => failureOf(setOn(call(), ['trusted'], true));
    expect(await triesResult(settings, trust)).toEqual(refused);
    const allow = (call: any) => failureOf(call().allow.push('evil'));
    expect(await triesResult(settings, allow)).toEqual(refused);
    expect(settings).toEqual({ trusted: false, allow: ['a'] });
  });

  test('gets a copy also when it asks for a reference', async () => {
    const asReference = async (call: any) => isRemote(await call.with({ result: 'reference' })());
    expect(await triesResult({ trusted: false }, asReference)).toBe(false);
  });
});

describe('of an object that its owner marks to be copied a session', () => {
  const inner = (service: Service) => ({ service: byValue(service) });

  test.each<[string, (service: Service) => object, (given: any) => any]>([
    ['that a callback brings', one => () => byValue(one), give => give()],
    ['in what one brings', one => () => inner(one), give => give().service],
    ['by the name that its mark has for it', one => () => inner(one), give => give().service.value],
    ['that a batch brings', one => () => byValue(one), give => give.batch([[]])[0]],
    [
      'that a batch brings with how it went',
      one => () => byValue(one),
      give => give.batch([[]], { settle: true })[0].value,
    ],
    ['in an object that goes by reference', one => byRef(inner(one)), given => given.service],
  ])('calls no method and changes nothing: %s', async (_what, give, reach) => {
    const service = new Service();
    const change = (given: any) => {
      reach(given).list = [];
      return failureOf(reach(given).first());
    };
    expect(await tries(give(service), change as never)).toEqual(refused);
    expect(service.list).toEqual(['a']);
  });

  test('reads what a copy would have', async () => {
    expect(await triesResult(byValue(new Service()), call => call().list[0])).toBe('a');
    expect(await triesResult(inner(new Service()), call => call().service.list[0])).toBe('a');
  });
});

test('a function that its owner marks is set no more than another', async () => {
  const say = () => 'hello';
  const set = (given: any) => {
    given.say.kept = 'x';
    return given.say();
  };
  expect(await tries(Object.freeze(byRef({ say: byRef(say) })), set as never)).toBe('hello');
  expect(Object.keys(say)).toEqual([]);
});

test('what its owner marks to go by reference is used on the way as it is when it has come', async () => {
  const found = { service: byRef(new Service()), say: byRef(() => 'hello') };
  expect(await triesResult(found, call => call().service.first())).toBe('a');
  expect(await triesResult(found, call => call().say())).toBe('hello');
  expect(await triesResult(found, async call => (await call()).say())).toBe('hello');
});

describe('of functions a session', () => {
  const service = {
    words: ['a', 'b'],
    joined(...by: readonly string[]) {
      return this.words.join(by.join(''));
    },
  };
  const callers: [string, (given: any) => unknown][] = [
    ['itself', given => given.joined('-')],
    ['call', given => given.joined.call({ words: [] }, '-')],
    ['apply', given => given.joined.apply({ words: [] }, ['-'])],
    ['apply, without a list', given => given.joined.apply(null).then((text: string) => text + '-')],
    [
      'apply, with null',
      given => given.joined.apply(null, null).then((text: string) => text + '-'),
    ],
  ];

  test.each(callers)('calls one by %s, on what it is a member of', async (_how, attempt) => {
    expect(await tries(byRef(service), attempt as never)).toMatch(/^a-?b-?$/u);
  });

  test.each<[string, (given: any) => unknown]>([
    ['call', given => given.call(null, 'x', 'y')],
    ['apply', given => given.apply(null, ['x', 'y'])],
    ['bind', given => given.bind(null, 'x')('y')],
  ])('calls one that it was given by %s', async (_how, attempt) => {
    const together = (...all: readonly string[]) => all.join('+');
    expect(await tries(together, attempt as never)).toBe('x+y');
    expect(await triesResult(together, async call => attempt(await call()))).toBe('x+y');
  });

  test('cannot claim more arguments than it sends', async () => {
    const endless = (given: any) => failureOf(given.joined.apply(null, { length: 1e9 }));
    expect(await tries(byRef(service), endless as never)).toMatchObject({
      message: "'apply' takes the arguments in a list",
    });
  });

  test('uses methods of these names that they have of their own', async () => {
    const hook = Object.assign(() => 'called', { call: (...args: unknown[]) => args });
    expect(await tries(byRef({ hook }), (given: any) => given.hook.call(1, 2))).toEqual([1, 2]);
  });
});

test('an emitter calls a remote function that listens alone', async () => {
  const heard: unknown[] = [];
  const listens = async (given: any) => {
    const emitter = new EventEmitter();
    emitter.on('word', given);
    emitter.emit('word', 'hello', 1);
    await given.flush();
  };
  const listener = Object.assign((...args: unknown[]) => heard.push(args), { flush: () => 1 });
  await tries(listener, listens as never);
  expect(heard).toEqual([['hello', 1]]);
});

describe('of an object that was handed to it by reference a session', () => {
  test('calls methods of its classes, and reads and sets members', async () => {
    const service = new Service();
    expect(await tries(service, given => given.first())).toBe('a');
    await tries(service, given => setOn(given, ['list'], ['b']));
    expect(service.list).toEqual(['b']);
  });

  test('reads the data in it as that of a copy', async () => {
    const service = new Service();
    expect(await tries(service, given => (given.list as any)[0])).toBe('a');
    const push = (given: any) => failureOf(given.list.push('evil'));
    expect(await tries(service, push)).toEqual(refused);
    expect(service.list).toEqual(['a']);
  });

  test('uses one of the language too, when its owner has said so', async () => {
    const map = new Map([['a', 1]]);
    expect(await tries(byRef(map), given => given.get('a'))).toBe(1);
    expect(await triesResult(byRef(map), call => call().get('a'))).toBe(1);
    expect(await triesResult(byRef(map), async call => (await call()).get('a'))).toBe(1);
  });

  test('uses plain objects by their methods where the policy has them go by reference', async () => {
    const plain = { inner: { count: 1 } };
    const change = (given: any) => setOn(given, ['inner', 'count'], 2);
    await tries(plain, change, { types: [], objects: 'reference' });
    expect(plain.inner.count).toBe(2);
  });
});

test('a session that waits for the answer reaches no further', async () => {
  const held: unknown[] = [];
  using pair = new Loopback({ give: (callback: unknown) => void held.push(callback) });
  const channel = new LoopbackTransport();
  pair.host.serveSync(channel, createWorkScope());
  await pair.api.give(() => 1);
  const waiting = CallFlag.want | CallFlag.synchronous;
  const path = [2, text('name'), text('padEnd')];
  channel.deliver(bytes(Op.call, waiting, 1, count(2), ...path, 1, small(40)));
  await pair.idle();
  expect(channel.sent.toString()).toContain('call.unknownMethod');
});

test('a host uses what a worker has as it likes: it is trusted', async () => {
  using pair = new Loopback({ words: () => ['b', 'a'] });
  const words = pair.api.words() as any;
  expect(await words.join('-')).toBe('b-a');
});

/** Sets a member by its path, and waits until the other side has said what came of it. */
async function setOn(remote: object, path: readonly string[], value: unknown): Promise<void> {
  const target = getHandle(remote) as RemoteObject | OutgoingCall;
  await (target.port.set(target, path, value) as Promise<void>);
}
