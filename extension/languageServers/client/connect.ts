import { RevealOutputChannelOn, type LanguageClient } from 'vscode-languageclient/node';
import type { Log } from '../../log/log.ts';
import { runDetached } from '../../log/runDetached.ts';
import { kindOf, type ServerMessage } from '../../sessions/servers/serverMessage.ts';
import type { ServerSession } from '../../sessions/servers/serverSession.ts';
import type { ServerTarget } from '../serverTarget.ts';
import type { KeptDiagnostics } from './keptDiagnostics.ts';
import { createLanguageClient, toProtocolFolder } from './languageClient.ts';
import type { TransportHooks } from './messageTransports.ts';
import { withoutForeignEdits } from './editGuard.ts';
import { createMiddleware, type RequestSuccession } from './middleware.ts';
import { narrowRegistrations, splitAnswer, type FormattingOffer } from './registrations.ts';
import { ServerCommands } from './serverCommands.ts';
import { createServerLog } from './serverLog.ts';
import { traceMessage } from './traceMessage.ts';
import { WarmUp } from './warmUp.ts';

export interface ConnectParts {
  readonly log: Log;
  readonly diagnostics: KeptDiagnostics;
  readonly succession: RequestSuccession;
  /** The server offers to format documents. */
  readonly onFormats: () => void;
}

export interface Connected {
  readonly client: LanguageClient;
  readonly warmUp: WarmUp;
  readonly start: () => Promise<void>;
}

/** A client for a session that has just begun, ready to be started. */
export function createClient(
  session: ServerSession,
  target: ServerTarget,
  { log: ownLog, diagnostics, succession, onFormats }: ConnectParts,
): Connected {
  const { entry, folders } = target;
  const log = ownLog.child({ server: entry.name, session: session.id });
  const offers: FormattingOffer[] = [];
  const channel = createServerLog(entry.name, log);
  const refuse = (what: string) => log.warn('a language server was refused something', { what });
  const run = (command: string, args: readonly unknown[]) =>
    client.sendRequest('workspace/executeCommand', { command, arguments: args });
  const commands = new ServerCommands(session.id, run, refuse);
  session.onDidClose(() => commands.dispose());
  const warmUp = new WarmUp(() => client);
  const client: LanguageClient = createLanguageClient({
    name: entry.name,
    session,
    documentSelector: [...target.filters] as never, // the library wants what it only reads to be writable
    folders,
    initializationOptions: entry.initializationOptions,
    outputChannel: channel,
    traceOutputChannel: channel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticCollectionProvider: diagnostics,
    synchronize: entry.settingsSection ? { configurationSection: entry.settingsSection } : {},
    middleware: createMiddleware({
      folders,
      answers: entry.readyMade?.answers?.(toProtocolFolder(folders[0])) ?? {},
      sources: target.sources,
      commands,
      succession,
      warmUp,
      refuse,
    }),
    hooks: createHooks(target, { offers, commands, onFormats, refuse }, log),
  });
  session.sayFarewellWith(() => runDetached(client.stop(), 'stopping a language server', log));
  const start = async () => {
    await client.start();
    registerFormatting(client, offers, target);
  };
  return { client, warmUp, start };
}

/** What a server offers and the library is not to register. */
interface Offered {
  readonly offers: FormattingOffer[];
  readonly commands: ServerCommands;
  readonly onFormats: () => void;
  readonly refuse: (what: string) => void;
}

/** Looks for what the server offers among its messages. */
function createHooks(
  target: ServerTarget,
  { offers, commands, onFormats, refuse }: Offered,
  log: Log,
): TransportHooks {
  const { trace } = target.entry;
  const folders = target.folders.map(({ uri }) => uri.fsPath);
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
      if (kindOf(message) === 'answer' && !isInitialized(message)) {
        const guarded = withoutForeignEdits(message, folders);
        if (guarded) refuse(`to offer an edit of ${guarded.foreign}`);
        return guarded?.answer ?? message;
      }
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
