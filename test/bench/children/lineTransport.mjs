import process from 'node:process';

/** Cap'n Web over a socket: a message is a line. What is sent in one turn leaves in one write. */
export class LineTransport {
  #socket;
  #isCorked = false;
  #pieces = [];
  #lines = [];
  #waiting;
  #end;

  constructor(socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', chunk => this.#take(chunk));
    socket.on('error', error => this.#close(error));
    socket.on('close', () => this.#close(new Error('the socket has closed')));
  }

  send(message) {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(`${message}\n`);
  }

  async receive() {
    if (this.#lines.length > 0) return this.#lines.shift();
    if (this.#end) throw this.#end;
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  #close(error) {
    this.#end ??= error;
    this.#waiting?.reject(this.#end);
  }

  #take(chunk) {
    const parts = chunk.split('\n');
    for (const part of parts.slice(0, -1)) {
      this.#deliver(this.#pieces.join('') + part);
      this.#pieces = [];
    }
    if (parts.at(-1) !== '') this.#pieces.push(parts.at(-1));
  }

  #deliver(line) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(line);
    else this.#lines.push(line);
  }
}
