import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { Emitter } from '../shared/base/event.ts';
import type { Transport, TransportEnd } from '../shared/rpc/transport.ts';
import { FrameSplitter, lengthPrefix } from './frameSplitter.ts';

/** Frames over one duplex stream of bytes: a pipe to a child, or the child's own descriptor 3. */
export class PipeTransport implements Transport {
  private readonly frames = new Emitter<Uint8Array>();
  private readonly ends = new Emitter<TransportEnd>();
  private readonly splitter: FrameSplitter;
  private ended = false;
  private room: Promise<void> | undefined;

  readonly onFrame = this.frames.event;
  readonly onEnd = this.ends.event;

  constructor(
    private readonly stream: Duplex,
    maxFrameBytes: number,
  ) {
    this.splitter = new FrameSplitter(maxFrameBytes);
    stream.on('data', (chunk: Buffer) => this.receive(chunk));
    stream.on('error', error => this.end({ error }));
    stream.on('close', () => this.end(this.closing()));
    stream.on('end', () => this.end(this.closing()));
  }

  send(frame: Uint8Array): Promise<void> {
    if (this.ended) return Promise.reject(new Error('the pipe is closed'));
    this.stream.cork();
    this.stream.write(lengthPrefix(frame));
    const hasRoom = this.stream.write(frame);
    this.stream.uncork();
    if (hasRoom) return Promise.resolve();
    this.room ??= this.untilRoom();
    return this.room;
  }

  dispose(): void {
    this.end({});
    this.stream.destroy();
  }

  private receive(chunk: Buffer): void {
    try {
      for (const frame of this.splitter.push(chunk)) {
        if (this.ended) return;
        this.frames.fire(frame);
      }
    } catch (error) {
      this.end({ error: error as Error });
      this.stream.destroy();
    }
  }

  /** One wait for all who send meanwhile. */
  private untilRoom(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.room = undefined;
        this.stream.off('drain', settle);
        ending.dispose();
        if (this.ended) reject(new Error('the pipe was closed'));
        else resolve();
      };
      const ending = this.onEnd(settle);
      this.stream.on('drain', settle);
    });
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
