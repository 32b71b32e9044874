import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { LanguageClient, type Middleware } from 'vscode-languageclient/node';
import { findReadyMade } from '../../../extension/languageServers/readyMade.ts';
import { nodePlatform } from '../../../server/node/nodePlatform.ts';
import { moduleIn, python, type ServerSample } from '../languageServers/samples.ts';
import { askUntilAnswered, closeSamples, openSample, sampleFolder } from './completion.ts';
import type { Answered } from './completion.ts';

const { clock } = nodePlatform;

/** One round with the client library alone, which starts the server when the document is opened. */
export async function answerOnDemand(sample: ServerSample): Promise<Answered> {
  const openedAtMs = clock.now();
  let answered: Omit<Answered, 'labels'> | undefined;
  const sendRequest: Middleware['sendRequest'] = async (type, param, token, next) => {
    const askedAtMs = clock.now();
    const result = await next(type, param, token);
    const tookMs = clock.now() - openedAtMs;
    const isCompletion = (typeof type === 'string' ? type : type.method) === completion;
    if (isCompletion && hasItems(result)) {
      const askedAfterMs = askedAtMs - openedAtMs;
      answered ??= { tookMs, askedAfterMs, replyBytes: Buffer.byteLength(JSON.stringify(result)) };
    }
    return result;
  };
  let server: ChildProcess | undefined;
  const client = createClient(sample, { sendRequest }, () => (server = launch(sample)));
  const started = client.start();
  const document = await openSample(sample);
  await started; // sooner, nobody would be asked
  try {
    return await askUntilAnswered(document, sample, async () => answered);
  } finally {
    await closeSamples();
    const ended = server?.exitCode === null && once(server, 'exit');
    await client.dispose();
    await ended;
  }
}

const completion = 'textDocument/completion';

function createClient(
  { name, language }: ServerSample,
  middleware: Middleware,
  start: () => ChildProcess,
): LanguageClient {
  const { initializationOptions, settingsSection } = findReadyMade(name)!;
  return new LanguageClient(`bench.${name}`, name, () => Promise.resolve(start()), {
    documentSelector: [{ scheme: 'file', language }],
    workspaceFolder: sampleFolder(),
    initializationOptions,
    synchronize: settingsSection ? { configurationSection: settingsSection } : {},
    middleware,
  });
}

function launch({ name, module }: ServerSample): ChildProcess {
  const { args, python: ofPython } = findReadyMade(name)!;
  const folder = sampleFolder().uri.fsPath;
  const [program, ...first] = module
    ? [process.execPath, moduleIn(folder, module)]
    : [python, '-m', ofPython!.module!];
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return spawn(program, [...first, ...args], { cwd: folder, env });
}

function hasItems(result: unknown): boolean {
  const { items = result } = (result ?? {}) as { readonly items?: unknown };
  return Array.isArray(items) && items.length > 0;
}
