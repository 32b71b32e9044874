import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { clip } from '../../../server/shared/base/clip.ts';
import type { Clock } from '../../../server/shared/base/platform.ts';
import type { CallOutcome, CallRecord } from '../../../server/shared/protocol/events.ts';
import { defaultLimits } from '../../../server/shared/protocol/limits.ts';
import { violation } from '../../../server/shared/protocol/violation.ts';
import type { FollowedCallMarks } from '../healthWatch.ts';
import { kindOf, type ServerMessage } from './serverMessage.ts';

export interface ServerTrafficParts {
  readonly session: string;
  readonly server: string;
  /** Files are named to people as seen from here. */
  readonly root: string;
  readonly clock: Clock;
  readonly record: (call: CallRecord) => void;
  /** Somebody waits for the server from now on; the marks are called when it is over. */
  readonly began: (method: string) => Pick<FollowedCallMarks, 'ended'>;
}

interface Waiting {
  readonly method: string;
  readonly subject: string | undefined;
  readonly askedAtMs: number;
  readonly ended: () => void;
  requestBytes: number;
  isCancelled: boolean;
}

const { maxPendingCalls } = defaultLimits;

/** A server chooses the names of its messages and files; records of them are kept. */
const maxNameLength = 500;

interface Outcome {
  readonly outcome: CallOutcome;
  readonly error?: string;
}

/** By JSON-RPC and the Language Server Protocol: the request was cancelled, by its sender or the server. */
const cancelCodes = [-32_800, -32_802];

/** Measures every message between the editor and a language server; each leaves one record. */
export class ServerTraffic {
  /** Requests of the editor, and of the server, by their ids. */
  private readonly asked = new Map<unknown, Waiting>();
  private readonly served = new Map<unknown, Waiting>();
  private messages = 0;
  private waitsForPerson = 0;

  constructor(private readonly parts: ServerTrafficParts) {}

  /**
   * It changes with every message of the server. As long as the server waits for a person's choice, it is
   * like nothing that it was before: silence is no symptom then.
   */
  get signOfLife(): number {
    return this.waitsForPerson > 0 ? NaN : this.messages;
  }

  /** To be called before the message is sent; the result, with its size, when the system has taken it. */
  sending(message: ServerMessage): (bytes: number) => void {
    const askedAtMs = this.parts.clock.now();
    switch (kindOf(message)) {
      case 'request': {
        const waiting = this.toWaiting(message, askedAtMs, this.parts.began(message.method!));
        this.asked.set(message.id, waiting);
        return bytes => (waiting.requestBytes = bytes);
      }
      case 'answer':
        return bytes => this.settle(this.served, message, bytes, 'server');
      case 'notification':
        this.noteCancel(message);
        return bytes => this.recordNotification(message, askedAtMs, bytes);
    }
  }

  /**
   * To be called with each message of the server; `handle` passes it on. Throws `protocol.violation` for
   * a server that asks more than can be answered.
   */
  receive(message: ServerMessage, bytes: number, handle: () => void): void {
    this.messages++;
    const askedAtMs = this.parts.clock.now();
    switch (kindOf(message)) {
      case 'request': {
        if (this.served.size >= maxPendingCalls) throw violation('it asks and asks without end');
        const waiting = this.toWaiting(message, askedAtMs, this.toBeServed(message));
        waiting.requestBytes = bytes;
        this.served.set(message.id, waiting);
        return handle();
      }
      case 'answer':
        this.settle(this.asked, message, bytes);
        return handle();
      case 'notification':
        handle();
        return this.recordNotification(message, askedAtMs, bytes, 'server');
    }
  }

  /** No answer comes any more. */
  fail(error: Error): void {
    for (const [table, from] of [[this.asked], [this.served, 'server']] as const) {
      for (const waiting of table.values()) {
        this.recordAnswer(waiting, 0, { outcome: 'lost', error: error.message }, from);
      }
      table.clear();
    }
  }

  private toBeServed({ method }: ServerMessage): Pick<FollowedCallMarks, 'ended'> {
    if (method !== 'window/showMessageRequest') return { ended: () => undefined };
    this.waitsForPerson++;
    return { ended: () => this.waitsForPerson-- };
  }

  private toWaiting(
    { method, params }: ServerMessage,
    askedAtMs: number,
    { ended }: Pick<FollowedCallMarks, 'ended'>,
  ): Waiting {
    const subject = subjectOf(params, this.parts.root);
    return { method: method!, subject, askedAtMs, requestBytes: 0, ended, isCancelled: false };
  }

  private noteCancel({ method, params }: ServerMessage): void {
    if (method !== '$/cancelRequest') return;
    const waiting = this.asked.get((params as { readonly id?: unknown } | undefined)?.id);
    if (waiting) waiting.isCancelled = true;
  }

  private settle(
    table: Map<unknown, Waiting>,
    { id, error }: ServerMessage,
    bytes: number,
    from?: 'server',
  ): void {
    const waiting = table.get(id);
    if (!waiting) return; // an answer that nobody has asked for
    table.delete(id);
    this.recordAnswer(waiting, bytes, outcomeOf(waiting, error), from);
  }

  private recordAnswer(
    { method, subject, askedAtMs, requestBytes, ended }: Waiting,
    replyBytes: number,
    { outcome, error }: Outcome,
    from?: 'server',
  ): void {
    ended();
    this.parts.record({
      ...this.common(method, askedAtMs, from),
      requestBytes,
      replyBytes,
      outcome,
      ...(subject !== undefined && { subject }),
      ...(error !== undefined && { error: clip(error, 500) }),
    });
  }

  private recordNotification(
    { method, params }: ServerMessage,
    askedAtMs: number,
    bytes: number,
    from?: 'server',
  ): void {
    const subject = subjectOf(params, this.parts.root);
    this.parts.record({
      ...this.common(method!, askedAtMs, from),
      requestBytes: bytes,
      replyBytes: 0,
      outcome: 'ok',
      isNotification: true,
      ...(subject !== undefined && { subject }),
    });
  }

  private common(method: string, askedAtMs: number, from: 'server' | undefined) {
    const { session, server, clock } = this.parts;
    const runMs = clock.now() - askedAtMs;
    const times = { askedAtMs, queueMs: 0, transportMs: 0, runMs, replyMs: 0 };
    return {
      session,
      tool: server,
      method: clip(method, maxNameLength),
      ...times,
      ...(from && { from }),
    };
  }
}

function outcomeOf({ isCancelled }: Waiting, error: ServerMessage['error']): Outcome {
  if (isCancelled || cancelCodes.includes(error?.code ?? 0)) return { outcome: 'cancelled' };
  return error ? { outcome: 'failed', error: String(error.message) } : { outcome: 'ok' };
}

interface DocumentParams {
  readonly textDocument?: { readonly uri?: unknown };
  readonly uri?: unknown;
}

/** The file that a message is about, for a person. */
function subjectOf(params: unknown, root: string): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const { textDocument, uri = textDocument?.uri } = params as DocumentParams;
  if (typeof uri !== 'string' || !uri.startsWith('file:')) return undefined;
  try {
    return clip(path.relative(root, fileURLToPath(uri)), maxNameLength);
  } catch {
    return undefined; // a server may write what it likes there
  }
}
