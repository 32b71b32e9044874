import type * as vscode from 'vscode';
import {
  RevealOutputChannelOn,
  type CancellationToken,
  type LanguageClient,
} from 'vscode-languageclient/node';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import { kindOf, type ServerMessage } from '../../sessions/servers/serverMessage.ts';
import type { ServerSession } from '../../sessions/servers/serverSession.ts';
import type { ServerTarget } from '../serverTarget.ts';
import type { KeptDiagnostics } from './keptDiagnostics.ts';
import { createLanguageClient } from './languageClient.ts';
import type { TransportHooks } from './messageTransports.ts';
import { createMiddleware } from './middleware.ts';
import { narrowRegistrations, splitAnswer, type FormattingOffer } from './registrations.ts';
import { ServerCommands } from './serverCommands.ts';
import { createServerLog } from './serverLog.ts';
import { traceMessage } from './traceMessage.ts';

export interface ConnectParts {
  readonly log: Log;
  readonly diagnostics: KeptDiagnostics;
  readonly successor: (token: CancellationToken | undefined) => Promise<LanguageClient | undefined>;
  /** The server offers to format documents. */
  readonly onFormats: () => void;
}

/** A client for a session that has just begun, ready to be started. */
export function createClient(
  session: ServerSession,
  target: ServerTarget,
  { log: ownLog, diagnostics, successor, onFormats }: ConnectParts,
): { readonly client: LanguageClient; readonly start: () => Promise<void> } {
  const { entry, folders } = target;
  const log = ownLog.child({ server: entry.name, session: session.id });
  const offers: FormattingOffer[] = [];
  const channel = createServerLog(entry.name, log);
  const commands = new ServerCommands(session.id, (command, args) =>
    client.sendRequest('workspace/executeCommand', { command, arguments: args }),
  );
  session.onDidClose(() => commands.dispose());
  const client: LanguageClient = createLanguageClient({
    name: entry.name,
    session,
    documentSelector: [...target.filters] as never, // the library wants what it only reads to be writable
    ...(folders.length === 1 && { workspaceFolder: folders[0] }),
    initializationOptions: entry.initializationOptions,
    outputChannel: channel,
    traceOutputChannel: channel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticCollectionProvider: diagnostics,
    synchronize: entry.settingsSection ? { configurationSection: entry.settingsSection } : {},
    middleware: createMiddleware({
      folders: folders.map(({ uri }) => uri.fsPath),
      answers: entry.readyMade?.answers?.(toServerFolder(folders[0])) ?? {},
      sources: target.sources,
      commands,
      successor,
      isLost: () => !session.isUsable,
      refuse: what => log.warn('a language server was refused something', { what }),
    }),
    hooks: createHooks(target, { offers, commands, onFormats }, log),
  });
  session.sayFarewellWith(() => runDetached(client.stop(), 'stopping a language server', log));
  const start = async () => {
    await client.start();
    registerFormatting(client, offers, target);
  };
  return { client, start };
}

/** What a server offers and the library is not to register. */
interface Offered {
  readonly offers: FormattingOffer[];
  readonly commands: ServerCommands;
  readonly onFormats: () => void;
}

/** Looks for what the server offers among its messages. */
function createHooks(
  target: ServerTarget,
  { offers, commands, onFormats }: Offered,
  log: Log,
): TransportHooks {
  const { trace } = target.entry;
  let initializeId: unknown;
  const isInitialized = (message: ServerMessage) =>
    message.id === initializeId && kindOf(message) === 'answer';
  return {
    toServer: message => {
      traceMessage(trace, 'sent', message, log);
      if (message.method === 'initialize') initializeId = message.id;
      return message;
    },
    fromServer: message => {
      traceMessage(trace, 'received', message, log);
      if (!isInitialized(message)) {
        const narrowed = narrowRegistrations(message, target);
        commands.add(narrowed.commands);
        if (narrowed.formats) onFormats();
        return narrowed.request;
      }
      const split = splitAnswer(message);
      offers.push(...split.offers);
      commands.add(split.commands);
      if (split.offers.some(({ method }) => method === 'textDocument/formatting')) onFormats();
      return split.answer;
    },
  };
}

function registerFormatting(
  client: LanguageClient,
  offers: readonly FormattingOffer[],
  { formattable }: ServerTarget,
): void {
  if (formattable.length === 0) return;
  for (const { method, options } of offers) {
    const registerOptions = { ...options, documentSelector: [...formattable] } as never;
    client.getFeature(method as 'textDocument/formatting').register({
      id: `greenroom ${method}`,
      registerOptions,
    });
  }
}

function toServerFolder({ uri, name }: vscode.WorkspaceFolder) {
  return { uri: uri.toString(), name };
}
