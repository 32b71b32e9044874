import { isGreenroomError, RemoteError } from '../errors.ts';
import { violation } from '../protocol/violation.ts';
import { CallFlag, Op } from '../protocol/wire.ts';
import { writeArguments, writeCallHead } from './callMessage.ts';
import type { Answer, MessageReader } from './messageReader.ts';
import { notThere, refuseSignal, type MessageWriter } from './messageWriter.ts';
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
  /** Sends what was said before on the other channel. */
  flushOther(): void;
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

  /** Throws what the other side threw, as a {@link RemoteError}. */
  call(target: Target, path: Path, args: readonly unknown[]): unknown {
    const { messages } = this;
    if (target instanceof OutgoingCall && target.state !== CallState.succeeded) throw notThere();
    const id = this.nextId++;
    const place = messages.begin();
    try {
      const flagsAt = writeCallHead(messages.out, Op.call, id, target, path);
      messages.out.bytes[flagsAt] = CallFlag.want | CallFlag.synchronous;
      writeArguments(messages, args);
      refuseSignal(messages);
      messages.end(place);
    } catch (error) {
      messages.undo(place);
      throw error;
    }
    this.connection.flushOther();
    messages.outbox.flush();
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
