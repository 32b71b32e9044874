import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type InitializeParams,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import type { ServerSession } from '../../sessions/servers/serverSession.ts';
import { toTransports, type TransportHooks } from './messageTransports.ts';

export interface ClientOptions extends LanguageClientOptions {
  readonly name: string;
  readonly session: ServerSession;
  readonly hooks: TransportHooks;
}

/** The library's client of one session. What becomes of the session is for the pool to decide. */
export function createLanguageClient({ name, session, hooks, ...options }: ClientOptions) {
  const transports = () => Promise.resolve(toTransports(session, hooks));
  return new SessionClient(`greenroom.${name}`, name, transports, {
    ...options,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
    },
    initializationFailedHandler: () => false,
  });
}

class SessionClient extends LanguageClient {
  /** A confined server cannot see the editor's process, and would think that it has ended. */
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    params.processId = null;
  }

  /** What goes wrong with a session is told once, by those who know whether it matters. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}
