import { expect, test } from 'vitest';
import { traceMessage } from '../../../../../extension/languageServers/client/traceMessage.ts';
import { createLog } from '../../../../../extension/log/log.ts';

const message = { jsonrpc: '2.0', id: 7, method: 'textDocument/hover', params: { secret: 1 } };

function traced(level: 'off' | 'messages' | 'verbose'): string[] {
  const lines: string[] = [];
  traceMessage(
    level,
    'sent',
    message,
    createLog((_level, line) => lines.push(line)),
  );
  return lines;
}

test('a message is written to the log as its user has asked for', () => {
  const line =
    'a message of a language server way="sent" kind="request" method="textDocument/hover" id=7';
  expect(traced('off')).toEqual([]);
  expect(traced('messages')).toEqual([line]);
  expect(traced('verbose')).toEqual([
    `${line} content="{\\"jsonrpc\\":\\"2.0\\",\\"params\\":{\\"secret\\":1}}"`,
  ]);
});
