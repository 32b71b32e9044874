import { Emitter } from '../base/event.ts';
import type { WireError } from '../errors.ts';
import type { Hello, Welcome } from '../protocol/hello.ts';
import { violation } from '../protocol/violation.ts';
import type { Answers } from './answers.ts';
import type { ServedTimes } from './callOptions.ts';
import type { Exports } from './exports.ts';
import type { IncomingCall } from './incomingCall.ts';
import { tellFailure, type Fill, type KeptResults } from './keptResults.ts';
import type { MessageHandler, MessageReader } from './messageReader.ts';
import type { Serving } from './serving.ts';
import type { BytesRoad } from './values/segments.ts';

export interface InboxParts {
  readonly answers: Answers;
  readonly serving: Serving;
  readonly exports: Exports;
  readonly kept: KeptResults;
  readonly road: BytesRoad;
  readonly reader: Pick<MessageReader, 'besideBytes'>;
}

/** Gives every message to the part that it concerns, and refuses what this side may not be sent. */
export class Inbox implements MessageHandler {
  isClosed = false;
  /** Size of the frame that is being read. */
  frameBytes = 0;
  private readonly helloEmitter = new Emitter<Hello>();
  private readonly welcomeEmitter = new Emitter<Welcome>();
  private readonly byeEmitter = new Emitter<void>();
  private hasGreeting = false;

  readonly onHello = this.helloEmitter.event;
  readonly onWelcome = this.welcomeEmitter.event;
  readonly onBye = this.byeEmitter.event;

  constructor(
    private readonly role: 'host' | 'worker',
    private readonly parts: InboxParts,
  ) {}

  hello(hello: Hello): void {
    this.greeted('host');
    this.helloEmitter.fire(hello);
  }

  welcome(welcome: Welcome): void {
    this.greeted('worker');
    this.welcomeEmitter.fire(welcome);
  }

  bye(): void {
    if (this.role !== 'worker') throw violation('a goodbye came, which only a host says');
    this.byeEmitter.fire();
  }

  call(call: IncomingCall): void {
    this.parts.serving.accept(call);
  }

  pull(id: number): void {
    this.parts.serving.pull(id);
  }

  cancel(id: number): void {
    this.parts.serving.cancel(id);
  }

  drop(id: number): void {
    this.parts.kept.drop(id);
  }

  release(number: number, times: number): void {
    this.parts.exports.release(number, times);
  }

  freeSegment(segment: number): void {
    this.parts.road.free(segment);
  }

  started(id: number, times: Pick<ServedTimes, 'receivedMs' | 'startedMs'>): void {
    this.parts.answers.started(id, times);
  }

  cancelling(id: number): void {
    this.parts.answers.acknowledged(id);
  }

  result(id: number, value: unknown, times?: ServedTimes, fill?: Fill): void {
    this.parts.answers.succeed(id, value, { times, bytes: this.bytes, fill });
  }

  unusable(id: number, failure: unknown, times?: ServedTimes): void {
    this.parts.answers.unusable(id, tellFailure(failure), { times, bytes: this.bytes });
  }

  done(id: number, times?: ServedTimes): void {
    this.parts.answers.done(id, { times, bytes: this.bytes });
  }

  error(id: number, error: WireError, times?: ServedTimes): void {
    this.parts.answers.fail(id, error, { times, bytes: this.bytes });
  }

  private get bytes(): number {
    return this.frameBytes + this.parts.reader.besideBytes;
  }

  private greeted(expected: 'host' | 'worker'): void {
    if (this.role !== expected || this.hasGreeting) {
      throw violation('a greeting came, which this side does not expect');
    }
    this.hasGreeting = true;
  }
}
