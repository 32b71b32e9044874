import { expect, test } from 'vitest';
import type { ConfinedStart } from '../../../../extension/confinement/confine.ts';
import { measured } from '../../../../extension/confinement/measured.ts';
import { PROTOCOL_VERSION } from '../../../../server/shared/protocol/version.ts';
import {
  forbidden,
  tierOf,
  type Confinement,
} from '../../../../server/shared/protocol/confinement.ts';

const start = (changes: Partial<ConfinedStart>) =>
  ({ mechanism: 'landlock', granted: [], ...changes }) as unknown as ConfinedStart;
const hello = { protocol: PROTOCOL_VERSION, pid: 1, runtime: 'node', runtimeVersion: '24.0.0' };
const needs = { needsChildren: false, needsScratch: false };
const wish = { demands: [...forbidden], workspace: '/', readable: [], ...needs };

test('what the worker could do decides, whatever it was asked to be confined by', () => {
  const confinement = measured({ ...hello, succeeded: ['connect'] }, start({}), undefined);
  expect(confinement).toEqual({ mechanism: 'landlock', succeeded: ['connect'], granted: [] });
  expect(tierOf(confinement)).toBe('partlyConfined');
});

test('why it is no stronger is told with what is open, and with nothing else', () => {
  const weak = start({ shortfall: 'bubblewrap is not installed' });
  const open = measured({ ...hello, succeeded: ['connect'] }, weak, undefined);
  expect(open.shortfall).toBe('bubblewrap is not installed');
  expect(measured({ ...hello, succeeded: [] }, weak, undefined).shortfall).toBeUndefined();
});

test('a worker that does not say what it could do is taken to be able to do everything', () => {
  const confinement = measured(hello, start({ mechanism: 'bubblewrap' }), undefined);
  expect(tierOf(confinement)).toBe('unconfined');
});

test('a session that can do what it must not is refused, with what to do about it', () => {
  const shortfall = 'bubblewrap is not installed';
  const greeting = { ...hello, succeeded: ['read' as const, 'connect' as const] };
  const refused = () => measured(greeting, start({ shortfall }), wish);
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'session.unconfined',
      message: expect.stringMatching(
        /read files outside of the workspace, connect to the network.*bubblewrap is not installed/u,
      ) as string,
    }),
  );
});

test('what a tool needs is no breach', () => {
  const greeting = { ...hello, succeeded: ['spawn' as const] };
  const confinement = measured(greeting, start({ granted: ['spawn'] }), wish);
  expect(tierOf(confinement)).toBe('confined');
});

test.each<[string, Partial<Confinement>]>([
  ['confined', { succeeded: [] }],
  ['partlyConfined', { succeeded: ['connect', 'spawn'] }],
  ['unconfined', { succeeded: forbidden }],
  ['unconfined', { succeeded: forbidden, granted: ['spawn'] }],
])('%s is the tier of %o', (tier, changes) => {
  expect(tierOf({ mechanism: 'none', succeeded: [], granted: [], ...changes })).toBe(tier);
});
