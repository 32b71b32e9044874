import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';
import type { LaunchSpec, ServerProgram } from '../../extension/sessions/launchSpec.ts';
import type { Lease } from '../../extension/sessions/pool/lease.ts';
import type { SessionRequest } from '../../extension/sessions/pool/sessionPool.ts';
import type { ServerMessage } from '../../extension/sessions/servers/serverMessage.ts';
import type { ServerSession } from '../../extension/sessions/servers/serverSession.ts';
import { repository, sessionRequest, startedHere, type TestPool } from './sessions.ts';

export const serverFixtures = path.join(repository, 'test/fixtures/language-servers');

/** A Node program that is a server, or misbehaves as one. */
export function serverFixture(name: string, options: Partial<ServerProgram> = {}): ServerProgram {
  const args = [path.join(serverFixtures, `${name}.mjs`)];
  return { name, origin: 'project', runtime: 'node', args, ...options };
}

export interface ServerOptions extends Partial<Omit<LaunchSpec, 'server' | 'confinement'>> {
  readonly key?: string;
  /** Nothing confines it, unless given. */
  readonly mechanism?: Mechanism | undefined;
  readonly needsChildren?: boolean;
  readonly needsScratch?: boolean;
}

export function serverRequest(
  server: ServerProgram,
  { mechanism, needsChildren = false, needsScratch = false, ...options }: ServerOptions = {},
): SessionRequest {
  const { cwd = repository } = options;
  const readable = ['test/fixtures', 'node_modules'].map(place => path.join(repository, place));
  const needs = { needsChildren, needsScratch };
  const wish = { demands: [], workspace: cwd, readable, ...needs };
  const isConfined = mechanism !== undefined && mechanism !== 'none';
  return sessionRequest({
    workerPath: path.join(repository, 'dist/server.cjs'),
    server,
    ...(isConfined && { confinement: { ...wish, mechanism } }),
    ...options,
  });
}

/** A small client: it answers what the server asks with nothing, and takes leave as the protocol says. */
export class ServerClient implements Disposable {
  /** What the server has said, answers not among it. */
  readonly heard: ServerMessage[] = [];
  private readonly answers = new Map<unknown, PromiseWithResolvers<unknown>>();
  private readonly news = new EventEmitter();
  private readonly left = new Set<string>();
  private nextId = 1;

  private constructor(readonly lease: Lease<ServerSession>) {
    const { session } = lease;
    session.listen(message => this.take(message));
    session.onSilence(() => this.lose());
    session.sayFarewellWith(async () => {
      await this.request('shutdown');
      await this.notify('exit');
    });
  }

  static async open(
    host: TestPool,
    server: ServerProgram | string,
    options: ServerOptions = {},
  ): Promise<ServerClient> {
    const program = typeof server === 'string' ? serverFixture(server) : server;
    return new ServerClient(await host.pool.acquireServer(serverRequest(program, options)));
  }

  get session(): ServerSession {
    return this.lease.session;
  }

  /** Rejects with the error that the server answers, or when it has ended. */
  request(method: string, params?: unknown): Promise<unknown> {
    const id = this.nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.answers.set(id, { promise, resolve, reject });
    this.session.send({ jsonrpc: '2.0', id, method, params }).catch(reject);
    promise.catch(() => undefined); // a test may look at it later, or not at all
    return promise;
  }

  notify(method: string, params?: unknown): Promise<void> {
    return this.session.send({ jsonrpc: '2.0', method, params });
  }

  async initialize(root = repository, options: unknown = {}): Promise<unknown> {
    const rootUri = `file://${root}`;
    const workspaceFolders = [{ uri: rootUri, name: 'test' }];
    const capabilities = { workspace: { configuration: true, workspaceFolders: true } };
    const params = { processId: null, rootUri, workspaceFolders, capabilities };
    const result = await this.request('initialize', { ...params, initializationOptions: options });
    await this.notify('initialized', {});
    return result;
  }

  /** Leaves requests of this method to the test. */
  answersLater(method: string): void {
    this.left.add(method);
  }

  /** The first message of this method, past or to come. */
  async hears(method: string): Promise<ServerMessage> {
    for (;;) {
      const found = this.heard.find(message => message.method === method);
      if (found) return found;
      await once(this.news, 'message');
    }
  }

  [Symbol.dispose](): void {
    this.lease.release();
  }

  private take(message: ServerMessage): void {
    const { id, method, result, error } = message;
    if (method === undefined) {
      if (error) this.answers.get(id)?.reject(new Error(error.message));
      else this.answers.get(id)?.resolve(result);
      return;
    }
    this.heard.push(message);
    this.news.emit('message');
    if (id === undefined || this.left.has(method)) return;
    const asked = (message.params as { items?: readonly unknown[] } | undefined)?.items;
    const answer = asked ? asked.map(() => null) : null;
    void this.session.send({ jsonrpc: '2.0', id, result: answer }).catch(() => undefined);
  }

  private lose(): void {
    for (const { reject } of this.answers.values()) reject(new Error('the server has ended'));
  }
}

/** Every process that is there because of this one, by its command line. */
export function commandsHere(): string[] {
  return startedHere().map(pid => wordsIn(pid, 'cmdline').join(' '));
}

/** Of a process, as the system shows it. */
export function environmentOf(pid: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    wordsIn(pid, 'environ').map(word => {
      const [name, ...value] = word.split('=');
      return [name!, value.join('=')];
    }),
  );
}

function wordsIn(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    const text = fs.readFileSync(`/proc/${pid}/${file}`, 'utf8');
    return text.split('\0').filter(word => word !== '');
  } catch {
    return []; // it has ended meanwhile
  }
}
