import { isGreenroomError, RemoteError } from '../errors.ts';
import { violation } from '../protocol/violation.ts';
import { CallFlag, Op } from '../protocol/wire.ts';
import { resultFlags, writeArguments, writeCallHead } from './callMessage.ts';
import { assertSyncOptions, type CallOptions } from './callOptions.ts';
import type { Answer, MessageReader } from './messageReader.ts';
import { notThere, type MessageWriter } from './messageWriter.ts';
import type { Outbox } from './outbox.ts';
import { CallState, OutgoingCall } from './outgoingCall.ts';
import type { Path, Target } from './port.ts';

/** A second way to the other side, on which a process waits until a frame has come. */
export interface BlockingPipe {
  send(frame: Uint8Array): void;
  /** The body of the next frame. */
  receive(): Uint8Array;
}

/** What the channel asks of the connection that it belongs to. */
export interface SyncChannelOwner {
  /** Of the other channel: what was said on it before is sent first. */
  readonly other: Pick<Outbox, 'flush' | 'begin' | 'undo'>;
  onViolation(error: Error): void;
}

/** Calls the other side and waits for the answer without turning to anything else. */
export class SyncChannel {
  private nextId = 1;

  constructor(
    private readonly messages: MessageWriter,
    private readonly reader: MessageReader,
    private readonly pipe: BlockingPipe,
    private readonly connection: SyncChannelOwner,
  ) {
    messages.isOrdered = false;
  }

  /** Throws what the other side threw, as a {@link RemoteError}; a `TypeError` for options that it cannot have. */
  call(target: Target, path: Path, args: readonly unknown[], options: CallOptions = {}): unknown {
    const { messages } = this;
    assertSyncOptions(options);
    if (target instanceof OutgoingCall && target.state !== CallState.succeeded) throw notThere();
    // In the middle of a message of the other channel this throws.
    const { other } = this.connection;
    other.flush();
    const id = this.nextId++;
    const place = messages.begin(options.args);
    const held = other.begin(); // nor may there be one in the middle of this
    try {
      const flagsAt = writeCallHead(messages, Op.call, id, target, path);
      const flags = CallFlag.want | CallFlag.synchronous | resultFlags(options.result);
      messages.out.bytes[flagsAt] = flags;
      writeArguments(messages, args);
      messages.end(place);
      messages.outbox.flush();
    } catch (error) {
      messages.undo(place);
      throw error;
    } finally {
      other.undo(held);
    }
    const answer = this.receive(id);
    if ('error' in answer) throw new RemoteError(answer.error);
    return answer.value;
  }

  private receive(id: number): Answer {
    try {
      let frame = this.pipe.receive();
      while (this.reader.takePiece(frame)) frame = this.pipe.receive();
      const answer = this.reader.readAnswer(frame);
      if (answer.id !== id) throw violation('an answer came that nobody waits for');
      return answer;
    } catch (error) {
      if (isGreenroomError(error, 'protocol.violation')) this.connection.onViolation(error);
      throw error;
    }
  }
}
