import { describe, expect, test } from 'vitest';
import { withServer } from '../../../../extension/languageServers/withServer.ts';

describe('switching a server on', () => {
  test('adds it behind those that the user has', () => {
    expect(withServer('ruff', undefined)).toEqual([{ name: 'ruff' }]);
    expect(withServer('ruff', [{ name: 'pylsp' }, null, 7])).toEqual([
      { name: 'pylsp' },
      null,
      7,
      { name: 'ruff' },
    ]);
  });

  test('keeps what the user has written of it, where it stands', () => {
    const off = { name: 'ruff', enable: false, args: ['server', '--preview'] };
    expect(withServer('ruff', [off, { name: 'pylsp', enable: false }])).toEqual([
      { name: 'ruff', args: ['server', '--preview'] },
      { name: 'pylsp', enable: false },
    ]);
    expect(off).toHaveProperty('enable', false);
  });

  test('switches on the one of several of that name that would be run: the first', () => {
    const second = { name: 'ruff', enable: false, args: ['b'] };
    expect(withServer('ruff', [{ name: 'ruff', enable: false }, second])).toEqual([
      { name: 'ruff' },
      second,
    ]);
  });

  test.each([null, 'ruff', { name: 'ruff' }])('has nowhere to write it in %j', raw => {
    expect(withServer('ruff', raw)).toBeUndefined();
  });
});
