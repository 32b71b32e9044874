import type { Buffer } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';
import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import { Emitter } from '../../../server/shared/base/event.ts';
import { isGreenroomError } from '../../../server/shared/errors.ts';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import { defaultLimits } from '../../../server/shared/protocol/limits.ts';
import { violation } from '../../../server/shared/protocol/violation.ts';
import type { SessionChannel } from '../processSession.ts';
import { MessageSplitter } from './messageSplitter.ts';
import type { ServerMessage } from './serverMessage.ts';

/** What came, and how large it was. */
export interface Received {
  readonly message: ServerMessage;
  readonly bytes: number;
}

interface ChannelEnd {
  readonly error?: Error | undefined;
}

/** Messages over the standard streams of a language server. Reading begins with {@link listen}. */
export class ServerChannel implements SessionChannel, DisposableLike {
  private readonly endEmitter = new Emitter<ChannelEnd>();
  private readonly failEmitter = new Emitter<Error>();
  private ending: ChannelEnd | undefined;
  private farewell: (() => Promise<void>) | undefined;

  readonly onEnd = this.endEmitter.event;
  /** Whoever waits for an answer waits in vain. */
  readonly onFailed = this.failEmitter.event;

  constructor(
    private readonly input: Writable,
    private readonly output: Readable,
    private readonly limits = defaultLimits,
  ) {
    // A broken pipe ends with its process, and that is heard of there.
    for (const stream of [input, output]) stream.on('error', () => this.end({}));
    output.on('end', () => this.end({}));
    output.on('close', () => this.end({}));
  }

  get ended(): ChannelEnd | undefined {
    return this.ending;
  }

  /**
   * Takes every message of the server, in order; to be called once. A listener that throws hears the
   * others of the same chunk all the same: its failure is thrown after them.
   */
  listen(onMessage: (received: Received) => void): void {
    const failures: unknown[] = [];
    const splitter = new MessageSplitter(this.limits.maxFrameBytes, body => {
      if (this.ending) return;
      const message = parseMessage(body);
      try {
        onMessage({ message, bytes: body.length });
      } catch (error) {
        if (isGreenroomError(error, 'protocol.violation')) throw error;
        failures.push(error);
      }
    });
    this.output.on('data', (chunk: Buffer) => {
      try {
        splitter.push(chunk);
      } catch (error) {
        if (!isGreenroomError(error, 'protocol.violation')) throw error;
        this.output.destroy();
        this.end({ error });
      }
      if (failures.length > 0) throw failures.splice(0)[0];
    });
  }

  /**
   * Resolves when the system has taken the message, as it is to be sent. Rejects when the server has ended;
   * the channel ends with a violation when the server does not read what it is sent.
   */
  async send(body: Buffer): Promise<void> {
    const header = `Content-Length: ${body.length}\r\n\r\n`;
    const { maxUnsentBytes } = this.limits;
    if (this.input.writableLength > maxUnsentBytes) {
      const error = violation(`it has left ${maxUnsentBytes} bytes unread`);
      this.end({ error });
      throw error;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.input.cork();
    this.input.write(header, 'latin1');
    this.input.write(body, error => (error ? reject(error) : resolve()));
    this.input.uncork();
    await promise;
  }

  /** How the server is asked to end; its input is closed where that fails, or nobody says. */
  sayFarewellWith(farewell: () => Promise<void>): void {
    this.farewell = farewell;
  }

  sayBye(): void {
    if (this.ending) return;
    if (this.farewell) void this.farewell().catch(() => this.input.end());
    else this.input.end();
  }

  fail(error: Error): void {
    this.failEmitter.fire(error);
  }

  dispose(): void {
    this.end({});
    this.input.destroy();
    this.output.destroy();
  }

  private end(end: ChannelEnd): void {
    if (this.ending) return;
    this.ending = end;
    this.endEmitter.fire(end);
  }
}

function parseMessage(body: Buffer): ServerMessage {
  const message = parseJson(body);
  if (isMessage(message)) return message;
  throw violation('it sent a message that is none of JSON-RPC 2.0');
}

function isMessage(value: unknown): value is ServerMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { jsonrpc, method, id } = value as Readonly<Record<string, unknown>>;
  const isId = typeof id === 'string' || Number.isFinite(id);
  if (jsonrpc !== '2.0') return false;
  // An answer to what could not be read has no id: it is for nobody.
  if (method === undefined) return isId || id === null || id === undefined;
  return typeof method === 'string' && (isId || id === undefined);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw violation(`it sent a message that is not JSON: ${messageOf(error)}`, { cause: error });
  }
}
