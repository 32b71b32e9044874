import { clip } from '../../../server/shared/base/clip.ts';
import type { Log } from '../../log/log.ts';
import { kindOf, type ServerMessage } from '../../sessions/servers/serverMessage.ts';
import type { ServerTarget } from '../serverTarget.ts';
import { offersEdits, withoutForeignEdits } from './editGuard.ts';
import type { TransportHooks } from './messageTransports.ts';
import { withPlainText } from './messageText.ts';
import { narrowRegistrations, type ProtocolFilter } from './registrations.ts';
import type { ServerCommands } from './serverCommands.ts';
import { splitAnswer, type FormattingOffer } from './staticCapabilities.ts';
import { traceMessage } from './traceMessage.ts';

/** What a server offers and the library is not to register. */
export interface Offered {
  readonly onOffers: (offers: readonly FormattingOffer[]) => void;
  readonly onFormatted: (documents: readonly ProtocolFilter[]) => void;
  readonly commands: ServerCommands;
  /** Notes what the server was not allowed to do. */
  readonly refuse: (what: string) => void;
}

/** Looks at each message on its way, and lets through what a server may say. */
export function createHooks(target: ServerTarget, offered: Offered, log: Log): TransportHooks {
  const { trace, name } = target.entry;
  const folders = target.folders.map(({ uri }) => uri.fsPath);
  const wantingEdits = new Set<unknown>();
  let initializeId: unknown;
  const guard = (answer: ServerMessage): ServerMessage => {
    if (!wantingEdits.delete(answer.id)) return answer;
    const guarded = withoutForeignEdits(answer, folders);
    if (guarded) offered.refuse(`to offer an edit of ${clip(guarded.foreign, 200)}`);
    return guarded?.answer ?? answer;
  };
  const initialized = (message: ServerMessage): ServerMessage => {
    initializeId = undefined;
    const { answer, offers, commands } = splitAnswer(message);
    offered.onOffers(offers);
    offered.commands.add(commands);
    return answer;
  };
  const narrow = (message: ServerMessage): ServerMessage => {
    const { request, commands, formatted } = narrowRegistrations(message, target);
    offered.commands.add(commands);
    if (formatted.length > 0) offered.onFormatted(formatted);
    return withPlainText(request, name);
  };
  return {
    toServer: message => {
      traceMessage(trace, 'sent', message, log);
      if (message.method === 'initialize') initializeId = message.id;
      if (offersEdits(message)) wantingEdits.add(message.id);
      return message;
    },
    fromServer: message => {
      traceMessage(trace, 'received', message, log);
      if (kindOf(message) !== 'answer') return narrow(message);
      const isFirst = initializeId !== undefined && message.id === initializeId;
      return isFirst ? initialized(message) : guard(message);
    },
  };
}
