import type { LogOutputChannel } from 'vscode';

export const showLog = (channel: LogOutputChannel) => () => channel.show();
