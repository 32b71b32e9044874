import type { LogOutputChannel } from 'vscode';
import { createLog, type Log } from './log.ts';

/** The log as the user reads it: VS Code's output channel, at the level chosen there. */
export function createChannelLog(channel: LogOutputChannel): Log {
  return createLog((level, line) => channel[level](line));
}
