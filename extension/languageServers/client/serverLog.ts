import * as vscode from 'vscode';
import { clip } from '../../../server/shared/base/clip.ts';
import type { Log } from '../../log/log.ts';

const longest = 10_000;

/** The log as the client library wants it: what a server or its client says becomes an event of the log. */
export function createServerLog(name: string, log: Log): vscode.LogOutputChannel {
  const at = (level: 'trace' | 'info' | 'warn' | 'error') => (message: string | Error) =>
    log[level]('a language server says', { message: clip(String(message).trimEnd(), longest) });
  const nothing = () => undefined;
  return {
    name,
    logLevel: vscode.LogLevel.Info,
    onDidChangeLogLevel: () => ({ dispose: nothing }),
    trace: at('trace'),
    debug: at('trace'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    append: at('info'),
    appendLine: at('info'),
    replace: at('info'),
    clear: nothing,
    show: nothing,
    hide: nothing,
    dispose: nothing,
  };
}
