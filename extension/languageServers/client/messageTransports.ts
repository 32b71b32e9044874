import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageTransports,
  type MessageWriter,
} from 'vscode-languageclient/node';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import type { ServerMessage } from '../../sessions/servers/serverMessage.ts';
import type { ServerSession } from '../../sessions/servers/serverSession.ts';

/** Looks at a message on its way; what it returns goes on in its place. */
export type Passing = (message: ServerMessage) => ServerMessage;

export interface TransportHooks {
  readonly fromServer: Passing;
  readonly toServer: Passing;
}

/** A session as the client library knows it: messages one way and the other. */
export function toTransports(session: ServerSession, hooks: TransportHooks): MessageTransports {
  return {
    reader: new SessionReader(session, hooks.fromServer),
    writer: new SessionWriter(session, hooks.toServer),
    detached: true, // its end is the pool's business
  };
}

class SessionReader extends AbstractMessageReader implements MessageReader {
  constructor(
    private readonly session: ServerSession,
    private readonly pass: Passing,
  ) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    this.session.listen(message => {
      const passed = this.passed(message);
      if (passed) callback(passed);
    });
    return this.session.onSilence(() => this.fireClose());
  }

  /** What cannot even be looked at would be waited for without end. */
  private passed(message: ServerMessage): ServerMessage | undefined {
    try {
      return this.pass(message);
    } catch (error) {
      this.session.giveUp(`it sent what nobody understands: ${messageOf(error)}`);
      return undefined;
    }
  }
}

class SessionWriter extends AbstractMessageWriter implements MessageWriter {
  private errors = 0;

  constructor(
    private readonly session: ServerSession,
    private readonly pass: Passing,
  ) {
    super();
  }

  async write(message: Message): Promise<void> {
    try {
      await this.session.send(this.pass(message));
    } catch (error) {
      this.fireError(error, message, ++this.errors);
      throw error;
    }
  }

  end(): void {
    // The session outlives its client, or ends by itself.
  }
}
