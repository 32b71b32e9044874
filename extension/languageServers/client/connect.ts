import { clip } from '../../../server/shared/base/clip.ts';
import { RevealOutputChannelOn, type LanguageClient } from 'vscode-languageclient/node';
import type { Log } from '../../log/log.ts';
import type { ServerSession } from '../../sessions/servers/serverSession.ts';
import type { ServerTarget } from '../serverTarget.ts';
import type { KeptDiagnostics } from './keptDiagnostics.ts';
import { createHooks } from './hooks.ts';
import { createLanguageClient } from './languageClient.ts';
import { createMiddleware, type RequestSuccession } from './middleware.ts';
import type { ProtocolFilter } from './registrations.ts';
import type { FormattingOffer } from './staticCapabilities.ts';
import { ServerCommands } from './serverCommands.ts';
import { createServerLog } from './serverLog.ts';
import { WarmUp } from './warmUp.ts';

export interface ConnectParts {
  readonly log: Log;
  readonly diagnostics: KeptDiagnostics;
  /** Problems of these sources are told by somebody else, as it is now. */
  readonly sources: () => readonly string[];
  readonly succession: RequestSuccession;
  /** The server formats these documents. */
  readonly onFormatted: (documents: readonly ProtocolFilter[]) => void;
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
  { log: ownLog, diagnostics, sources, succession, onFormatted }: ConnectParts,
): Connected {
  const { entry, folders } = target;
  const log = ownLog.child({ server: entry.name, session: session.id });
  let offers: readonly FormattingOffer[] = [];
  const channel = createServerLog(entry.name, log);
  const refuse = (what: string) =>
    log.warn('a language server was refused something', { what: clip(what, 300) });
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
      entry,
      interpreter: target.interpreter,
      sources,
      onTold: uri => diagnostics.told(uri),
      commands,
      succession,
      warmUp,
      refuse,
    }),
    hooks: createHooks(
      target,
      {
        onOffers: all => {
          offers = all;
          const formats = all.some(({ method }) => method === 'textDocument/formatting');
          if (formats) onFormatted(target.formattable['textDocument/formatting']);
        },
        onFormatted,
        commands,
        refuse,
      },
      log,
    ),
  });
  session.sayFarewellWith(() => client.stop());
  const start = async () => {
    await client.start();
    registerFormatting(client, offers, target);
  };
  return { client, warmUp, start };
}

function registerFormatting(
  client: LanguageClient,
  offers: readonly FormattingOffer[],
  { formattable }: ServerTarget,
): void {
  for (const { method, options } of offers) {
    if (formattable[method].length === 0) continue;
    const registerOptions = { ...options, documentSelector: formattable[method] } as never;
    client.getFeature(method as 'textDocument/formatting').register({
      id: `greenroom ${method}`,
      registerOptions,
    });
  }
}
