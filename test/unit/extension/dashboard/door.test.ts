import { expect, test } from 'vitest';
import { isAllowed } from '../../../../extension/dashboard/door.ts';

const host = { restart: () => undefined };

test.each([
  [{ id: '1', type: 'APPLY', path: ['restart'], argumentList: [] }],
  [{ id: '1', type: 'RAW', value: undefined }],
  [{ id: '1', type: 'HANDLER', name: 'throw', value: {} }],
])('%o may pass the door', message => {
  expect(isAllowed(message, host)).toBe(true);
});

test.each([
  [null],
  ['APPLY'],
  [{ type: 'GET', path: ['restart', 'constructor'] }],
  [{ type: 'SET', path: ['__proto__', 'polluted'], value: {} }],
  [{ type: 'APPLY', path: ['constructor'] }],
  [{ type: 'APPLY', path: ['__proto__'] }],
  [{ type: 'APPLY', path: ['restart', 'call'] }],
  [{ type: 'APPLY', path: [] }],
  [{ type: 'CONSTRUCT', path: ['restart'] }],
  [{ type: 'RELEASE', path: [] }],
])('%o may not', message => {
  expect(isAllowed(message, host)).toBe(false);
});
