import * as vscode from 'vscode';
import type { SessionSnapshot } from '../../../server/shared/protocol/snapshot.ts';
import { nodePlatform } from '../../../server/node/nodePlatform.ts';
import { eventually, greenroom, liveSessions } from '../../vscode/workspace.ts';
import type { ServerSample } from '../languageServers/samples.ts';
import { askUntilAnswered, closeSamples, openSample, sampleFolder } from './completion.ts';
import type { Answered } from './completion.ts';

const { clock } = nodePlatform;

/** More than an answer without items has. */
const minReplyBytes = 150;

/** One round with Greenroom, whose server runs before the document is opened: confined, unless `off`. */
export async function answerPrewarmed(
  sample: ServerSample,
  confinement?: 'off',
): Promise<Answered> {
  // A setting of the machine, which no folder can change.
  await set('confinement', confinement, vscode.ConfigurationTarget.Global);
  await set('languageServers', [{ name: sample.name }]);
  await eventually(() => isWarm(sample));
  const openedAtMs = clock.now();
  const document = await openSample(sample);
  try {
    return await askUntilAnswered(document, sample, () => firstAnswer(sample, openedAtMs));
  } finally {
    await closeSamples();
    await set('languageServers', undefined);
    await set('confinement', undefined, vscode.ConfigurationTarget.Global);
    await eventually(async () => (await sessionOf(sample)) === undefined);
  }
}

async function set(
  key: string,
  value: unknown,
  target = vscode.ConfigurationTarget.WorkspaceFolder,
): Promise<void> {
  await vscode.workspace
    .getConfiguration('greenroom', sampleFolder().uri)
    .update(key, value, target);
}

/** Its server has answered `initialize`; until its process has ended it is there. */
async function sessionOf({ name }: ServerSample): Promise<SessionSnapshot | undefined> {
  const sessions = await liveSessions();
  return sessions.find(({ tools }) => tools.some(tool => tool.name === name));
}

/** Its client has done all that it does with a new server: last, it asks for completions nobody sees. */
async function isWarm(sample: ServerSample): Promise<boolean> {
  const session = await sessionOf(sample);
  const { recentCalls } = await (await greenroom()).snapshot();
  return recentCalls.some(
    call => call.session === session?.id && call.method === 'textDocument/completion',
  );
}

/** By the server itself, as Greenroom has recorded it. */
async function firstAnswer(
  { name }: ServerSample,
  openedAtMs: number,
): Promise<Omit<Answered, 'labels'> | undefined> {
  const { recentCalls } = await (await greenroom()).snapshot();
  const call = recentCalls.find(
    ({ tool, method, outcome, askedAtMs, replyBytes }) =>
      tool === name &&
      method === 'textDocument/completion' &&
      outcome === 'ok' &&
      askedAtMs >= openedAtMs &&
      replyBytes >= minReplyBytes,
  );
  if (!call) return undefined;
  const askedAfterMs = call.askedAtMs - openedAtMs;
  return { tookMs: askedAfterMs + call.runMs, askedAfterMs, replyBytes: call.replyBytes };
}
