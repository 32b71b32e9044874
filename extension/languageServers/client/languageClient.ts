import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type InitializeParams,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import type { WorkspaceFolder } from 'vscode';
import type { ServerSession } from '../../sessions/servers/serverSession.ts';
import type { Folders } from '../serverTarget.ts';
import { toTransports, type TransportHooks } from './messageTransports.ts';

export interface ClientOptions extends LanguageClientOptions {
  readonly name: string;
  /** The folders that the server works for, and the only ones that it hears of. */
  readonly folders: Folders;
  readonly session: ServerSession;
  readonly hooks: TransportHooks;
}

/** The library's client of one session. What becomes of the session is for the pool to decide. */
export function createLanguageClient(all: ClientOptions): LanguageClient {
  const { name, folders, session, hooks, ...options } = all;
  const transports = () => Promise.resolve(toTransports(session, hooks));
  return new SessionClient(folders, `greenroom.${name}`, name, transports, {
    ...options,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      // By itself it would say that there is no other to come.
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true, message: 'it has ended' }),
    },
    initializationFailedHandler: () => false,
  });
}

class SessionClient extends LanguageClient {
  constructor(
    private readonly folders: Folders,
    ...rest: ConstructorParameters<typeof LanguageClient>
  ) {
    super(...rest);
  }

  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    // A confined server cannot see the editor's process, and would think that it has ended.
    params.processId = null;
    const [{ uri }] = this.folders;
    params.rootUri = this.code2ProtocolConverter.asUri(uri);
    (params as { rootPath?: string }).rootPath = uri.fsPath; // what older servers read
    params.workspaceFolders = this.folders.map(toProtocolFolder);
  }

  /** What goes wrong with a session is told once, by those who know whether it matters. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export function toProtocolFolder({ uri, name }: WorkspaceFolder) {
  return { uri: uri.toString(), name };
}
