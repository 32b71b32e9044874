import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { Emitter } from '../shared/base/event.ts';
import type { Transport, TransportEnd } from '../shared/rpc/transport.ts';
import { BusyPoll } from './busyPoll.ts';
import { FrameSplitter } from './frameSplitter.ts';

/** Frames over one duplex stream of bytes: a pipe to a child, or the child's own descriptor 3. */
export class PipeTransport implements Transport {
  private readonly frames = new Emitter<Uint8Array>();
  private readonly ends = new Emitter<TransportEnd>();
  private readonly splitter: FrameSplitter;
  private ended = false;

  readonly onFrame = this.frames.event;
  readonly onEnd = this.ends.event;

  constructor(
    private readonly stream: Duplex,
    maxFrameBytes: number,
    private readonly poll: Pick<BusyPoll, 'sent' | 'received'> = new BusyPoll(),
  ) {
    this.splitter = new FrameSplitter(maxFrameBytes, frame => {
      if (!this.ended) this.frames.fire(frame);
    });
    stream.on('data', (chunk: Buffer) => this.receive(chunk));
    stream.on('error', error => this.end({ error, isCutOff: !isOfReading(error) }));
    stream.on('close', () => this.end({ ...this.closing(), isCutOff: true })); // without its end
    stream.on('end', () => this.end(this.closing()));
  }

  send(frame: Uint8Array): Promise<boolean> | false | undefined {
    if (this.ended) return false;
    this.stream.write(frame);
    this.poll.sent();
    // What fails at once has failed before its first byte; the event comes later.
    if (!this.stream.writable) return false;
    // What the system has taken at once, which is nearly everything, leaves nothing behind.
    return this.stream.writableLength === 0 ? undefined : this.untilGone();
  }

  dispose(): void {
    this.end({});
    this.stream.destroy();
  }

  private receive(chunk: Buffer): void {
    this.poll.received();
    try {
      this.splitter.push(chunk);
    } catch (error) {
      this.end({ error: error as Error, isCutOff: true });
      this.stream.destroy();
    }
  }

  private untilGone(): Promise<boolean> {
    return new Promise(resolve => this.stream.write('', error => resolve(!error)));
  }

  private closing(): TransportEnd {
    const { unfinishedBytes } = this.splitter;
    if (unfinishedBytes === 0) return {};
    return { error: new Error(`the pipe closed ${unfinishedBytes} bytes into a frame`) };
  }

  private end(end: TransportEnd): void {
    if (this.ended) return;
    this.ended = true;
    this.ends.fire(end);
  }
}

/** One of reading comes behind all that was sent; one of writing takes with it what has not been read. */
function isOfReading(error: Error): boolean {
  return 'syscall' in error && error.syscall === 'read';
}
