import { expect, test } from 'vitest';
import {
  describePython,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { failureOf } from '../../support/remote.ts';
import { byRef } from '../../../server/shared/rpc/values/policy.ts';

type Callback = (...args: readonly unknown[]) => unknown;

interface Unsendable {
  make(which: string): unknown;
  give(callback: Callback, which: string): unknown;
  give_batch(callback: Callback, which: string): unknown;
  assign(remote: object, which: string): void;
  give_brought(make: Callback, take: Callback): unknown;
  contexts(callback: Callback, remote: object): readonly unknown[];
  give_released(callback: Callback, other: object): unknown;
}

const load = (session: PythonSession) => session.load<Unsendable>(supportProgram('unsendable.py'));
const same: Callback = value => value;
const settle = { settle: true } as const;

describePython('an error of what a Python worker cannot send', () => {
  test('says where that is', async () => {
    await using session = new PythonSession();
    const { make } = load(session);
    const placeOf = async (which: string) => {
      const { code, remoteName, message } = (await failureOf(make(which))) as Record<
        string,
        string
      >;
      expect({ code, remoteName }).toEqual({
        code: 'value.unserializable',
        remoteName: 'GreenroomError',
      });
      return /\(at (.*)\)$/u.exec(message!)?.[1];
    };
    const places = {
      alone: 'result',
      'deep in others': "result['rows'][1]['a b']",
      'under a number': "result['m'][3]",
      'under something else': "result['m'][…]",
      'as a key': 'result.keys()',
      'in a set': 'result[0]{…}',
      'in a copied object': 'result.part[0]',
      'beside a live object that holds it too': 'result[1].part',
      'in an exception': "result.__dict__['extra'][0]",
      'in its cause': "result.__cause__.__dict__['extra']",
      'in a group': 'result.exceptions[0]',
      'behind bytes': 'result[2]',
      'a large int': 'result[0]',
      'no copy': 'result[0]',
      'under a name of its own class': 'result[…]',
      'under a large number': 'result[…]',
      'in a field that is no name': "result['a b']",
      'twice, once as a reference': 'result[1][1][0]',
      'in a dict that is marked': "result[0]['a']",
      'under yes': 'result[True]',
      'under a half': 'result[0.5]',
      'in a dict that is emptied meanwhile': 'result[…]',
      'as a coroutine': 'result[0]',
      'in a loop': "result[1]['in'][1]",
      'under a long name': `result['${'n'.repeat(39)}…']`,
      'too deep': `result${'[0]'.repeat(18)}…${'[0]'.repeat(20)}`,
      'far behind': 'result[100000]',
      'in what may be asked once': "result['a']",
    };
    const told: [string, string | undefined][] = [];
    for (const which of Object.keys(places)) told.push([which, await placeOf(which)]);
    expect(Object.fromEntries(told)).toEqual(places);
  });

  test('does so for a call, an item of a batch, and what is assigned', async () => {
    await using session = new PythonSession();
    const api = load(session);
    const which = 'deep in others';
    const message = (place: string) => ({
      message: `cannot send a signal (at ${place}['rows'][1]['a b'])`,
    });
    expect(await failureOf(api.give(same, which))).toMatchObject(message('args[0]'));
    expect(await failureOf(api.give_batch(same, which))).toMatchObject(message('items[1][1]'));
    expect(await failureOf(api.assign(same, which))).toMatchObject(message('value'));
    expect(await failureOf(api.make.batch([[which]]))).toMatchObject(message('result'));
    expect(await failureOf(api.give_released(same, () => 'other'))).toMatchObject({
      code: 'reference.released',
      message: "the remote object has been released (at args[0]['other'])",
    });
  });

  test('does so in what a call has brought', async () => {
    await using session = new PythonSession();
    const make = () => ({ live: byRef({}) });
    expect(await failureOf(load(session).give_brought(make, same))).toMatchObject({
      code: 'reference.released',
      message: "the remote object has been released (at args[0][1]['live'])",
    });
  });

  test('has no other error for its context', async () => {
    await using session = new PythonSession();
    expect(await load(session).contexts(same, same)).toEqual([null, null]);
  });

  test('says so of every item of a batch', async () => {
    await using session = new PythonSession();
    const items = [['alone'], ['under a name of its own class']] as const;
    const message = (place: string) => ({ message: `cannot send a signal (at ${place})` });
    expect(await load(session).make.batch(items, settle)).toMatchObject([
      { reason: { ...message('result'), remoteName: 'GreenroomError' } },
      { reason: message('result[…]') },
    ]);
  });
});
