import { expect, test } from 'vitest';
import { sessionName } from '../../../webview/sessionName.ts';

test('sessions of one folder are told apart by their tools', () => {
  const tool = { name: 'yaml-language-server', version: '1', origin: 'machine' } as const;
  expect(sessionName({ label: 'web', tools: [tool] })).toBe('web · yaml-language-server');
  expect(sessionName({ label: 'web', tools: [] })).toBe('web');
});
