import { clip } from '../../../server/shared/base/clip.ts';
import { isRecord } from '../../../server/shared/base/plainData.ts';
import type { ServerMessage } from '../../sessions/servers/serverMessage.ts';

const shown: ReadonlySet<string> = new Set(['window/showMessage', 'window/showMessageRequest']);

const longest = 1_000;

/**
 * What a server says to a person, with its name before it. The editor makes links of some texts, and a link
 * could run any command of the editor: they stay text.
 */
export function withPlainText(message: ServerMessage, server: string): ServerMessage {
  const { method, params } = message;
  if (!shown.has(method ?? '') || !isRecord(params)) return message;
  const text = clip(String(params['message']), longest).replaceAll('](', '] (');
  return { ...message, params: { ...params, message: `${server}: ${text}` } };
}
