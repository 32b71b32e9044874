import { expect, test } from 'vitest';
import type { Confinement } from '../../../server/shared/protocol/confinement.ts';
import type { DashboardStrings } from '../../../server/shared/protocol/dashboard.ts';
import { describeConfinement } from '../../../webview/confinementWords.ts';

const strings = {
  mechanisms: { landlock: 'Landlock', none: 'nothing' },
  powers: { read: 'read', write: 'write', connect: 'connect', spawn: 'spawn' },
  able: 'can {0}',
  mayDo: 'may {0}',
  keepFiles: 'keep files',
} as unknown as DashboardStrings;

test.each<[string, Confinement]>([
  ['Landlock', { mechanism: 'landlock', succeeded: [], granted: [] }],
  [
    'Landlock; may keep files',
    { mechanism: 'landlock', succeeded: [], granted: [], hasScratch: true },
  ],
  ['Landlock; may spawn', { mechanism: 'landlock', succeeded: ['spawn'], granted: ['spawn'] }],
  [
    'Landlock; can read, connect; install it',
    {
      mechanism: 'landlock',
      succeeded: ['read', 'connect'],
      granted: [],
      shortfall: 'install it',
    },
  ],
  ['can write', { mechanism: 'none', succeeded: ['write'], granted: [] }],
])('%s', (words, confinement) => {
  expect(describeConfinement(confinement, strings)).toBe(words);
});
