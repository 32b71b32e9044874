import { expect, test } from 'vitest';
import { withPlainText } from '../../../../../extension/languageServers/client/messageText.ts';

function shown(method: string, params: unknown) {
  return withPlainText({ jsonrpc: '2.0', method, params }, 'yaml').params;
}

test('what a server says to a person bears its name', () => {
  const params = { type: 3, message: 'ready' };
  expect(shown('window/showMessage', params)).toEqual({ type: 3, message: 'yaml: ready' });
});

test('and holds no link that the editor would follow', () => {
  const message = '[Update](command:workbench.action.terminal.sendSequence)';
  const params = { type: 1, message, actions: [{ title: 'Yes' }] };
  expect(shown('window/showMessageRequest', params)).toEqual({
    type: 1,
    message: 'yaml: [Update] (command:workbench.action.terminal.sendSequence)',
    actions: [{ title: 'Yes' }],
  });
});

test('nor more than a person reads', () => {
  const { message } = shown('window/showMessage', { message: 'x'.repeat(1e6) }) as {
    message: string;
  };
  expect(message).toHaveLength('yaml: '.length + 1_000);
});

test('other messages are left alone', () => {
  const params = { message: '[a](b)' };
  expect(shown('window/logMessage', params)).toBe(params);
});
