import { Buffer } from 'node:buffer';
import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import { GreenroomError } from '../../../server/shared/errors.ts';
import type { ServerProgram } from '../launchSpec.ts';
import { HealthWatch } from '../healthWatch.ts';
import { ProcessSession, type ProcessSessionParts } from '../processSession.ts';
import type { ServerChannel } from './serverChannel.ts';
import { kindOf, type ServerMessage } from './serverMessage.ts';
import { ServerTraffic } from './serverTraffic.ts';

export interface ServerSessionParts extends ProcessSessionParts {
  readonly channel: ServerChannel;
  readonly server: ServerProgram;
  /** Messages of the server so far are to be counted here, for who watches what the process takes. */
  readonly activity: ServerActivity;
  readonly cwd: string;
}

/** What others must know of a server while it works. */
export interface ServerActivity {
  waiting: number;
  messages: number;
}

interface Initializing {
  readonly id: unknown;
  readonly sinceMs: number;
  readonly timer: DisposableLike;
}

/** A running language server: whoever leases it sends and hears messages, each of which is measured. */
export class ServerSession extends ProcessSession<ServerChannel> {
  private readonly traffic: ServerTraffic;
  private readonly health: HealthWatch;
  private initializing: Initializing | undefined;

  constructor(private readonly parts: ServerSessionParts) {
    super(parts, parts.channel);
    const { id, server, cwd, clock, policy, scope, channel, announce } = parts;
    // It says nothing of when it begins with a request: silence counts from the sending.
    const { serverSilenceMs: silenceMs } = policy;
    const limits = { slowMs: Infinity, silenceMs };
    const isStopped = () => Promise.resolve(false); // as silent as a busy one, and judged alike
    this.health = scope.own(
      new HealthWatch(limits, clock, () => this.traffic.signOfLife, isStopped),
    );
    this.traffic = new ServerTraffic({
      session: id,
      server: server.name,
      root: cwd,
      clock,
      record: call => announce({ kind: 'called', call }),
      began: method => this.follow(method),
    });
    scope.own(this.health.onStuck(() => this.lose(silent(`answered nothing for ${silenceMs} ms`))));
    scope.own(channel.onFailed(error => this.traffic.fail(error)));
    scope.own(channel);
  }

  /** Nothing can be done ahead of need but what a client does. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes every message of the server, in order; to be called once, before anything is sent. */
  listen(onMessage: (message: ServerMessage) => void): void {
    this.channel.listen(({ message, bytes }) => {
      this.parts.activity.messages++;
      this.traffic.receive(message, bytes, () => onMessage(message));
      const { initializing } = this;
      if (initializing && initializing.id === message.id && kindOf(message) === 'answer') {
        this.initialized(initializing, message);
      }
    });
  }

  /**
   * Resolves when the system has taken the message. Throws `session.closed` when the session has ended, and
   * what keeps the message from being written as JSON.
   */
  async send(message: ServerMessage): Promise<void> {
    if (this.channel.ended) throw new GreenroomError('session.closed', 'the server has ended');
    const body = Buffer.from(JSON.stringify(message));
    if (message.method === 'initialize') this.watchInitializing(message.id);
    const taken = this.traffic.sending(message);
    await this.channel.send(body);
    taken(body.length);
  }

  /** Ends the session as one that is of no use, which counts like a crash. */
  giveUp(detail: string): void {
    this.lose({ kind: 'protocol', detail });
  }

  /** How the server is asked to end; its input is closed where that fails. */
  sayFarewellWith(farewell: () => Promise<void>): void {
    this.channel.sayFarewellWith(farewell);
  }

  /** Fires once, when nothing more will be heard of it. */
  onSilence(listener: () => void): DisposableLike {
    return this.channel.onEnd(listener);
  }

  private follow(method: string) {
    const { activity, hold } = this.parts;
    const { ended } = this.health.sent(method);
    this.beginTask();
    activity.waiting++;
    hold.setNeeded(true);
    return {
      ended: () => {
        ended();
        this.endTask();
        activity.waiting--;
        if (activity.waiting === 0) hold.setNeeded(false);
      },
    };
  }

  private watchInitializing(id: unknown): void {
    const { clock, policy, scope } = this.parts;
    const { openToolTimeoutMs } = policy;
    const giveUp = () =>
      this.lose(silent(`did not answer 'initialize' within ${openToolTimeoutMs} ms`));
    const timer = scope.own(clock.after(openToolTimeoutMs, giveUp));
    this.initializing = { id, sinceMs: clock.now(), timer };
  }

  private initialized({ sinceMs, timer }: Initializing, { result, error }: ServerMessage): void {
    timer.dispose();
    this.initializing = undefined;
    if (error) return; // whoever asked is told
    const { server, announce, clock } = this.parts;
    const { name, origin, version = versionIn(result) } = server;
    const tookMs = clock.now() - sinceMs;
    announce({ kind: 'toolOpened', tool: { name, version, origin }, tookMs });
  }
}

function versionIn(result: unknown): string {
  const { serverInfo } = (result ?? {}) as { serverInfo?: { version?: unknown } };
  return typeof serverInfo?.version === 'string' ? serverInfo.version : '';
}

function silent(what: string) {
  return { kind: 'stuck', detail: `it ${what}` } as const;
}
