import type { Log } from '../../log/log.ts';
import { kindOf, type ServerMessage } from '../../sessions/servers/serverMessage.ts';

/** Writes a message to the log as its user has asked for: what it is, or all of it. */
export function traceMessage(
  level: 'off' | 'messages' | 'verbose',
  way: 'sent' | 'received',
  message: ServerMessage,
  log: Log,
): void {
  if (level === 'off') return;
  const { id, method, ...content } = message;
  log.info('a message of a language server', {
    way,
    kind: kindOf(message),
    method,
    id: id ?? undefined,
    content: level === 'verbose' ? JSON.stringify(content) : undefined,
  });
}
