import { Buffer } from 'node:buffer';
import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../../../../server/shared/protocol/limits.ts';
import {
  ServerChannel,
  type Received,
} from '../../../../../extension/sessions/servers/serverChannel.ts';

/** A server that reads what it is sent unless it is told not to, and says what the test wants. */
class Pipes {
  readonly read: string[] = [];
  readonly received: Received[] = [];
  readonly ends: { readonly error?: Error | undefined }[] = [];
  readonly output = new PassThrough();
  readonly input: Writable;
  readonly channel: ServerChannel;

  constructor({ reads = true, isBroken = false } = {}) {
    this.input = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.read.push(chunk.toString());
        if (isBroken) done(new Error('EPIPE'));
        else if (reads) done();
      },
    });
    const limits = { ...defaultLimits, maxUnsentBytes: 100 };
    this.channel = new ServerChannel(this.input, this.output, limits);
    this.channel.onEnd(end => this.ends.push(end));
    this.channel.listen(received => this.received.push(received));
  }

  async say(text: string): Promise<void> {
    this.output.write(text);
    await new Promise(setImmediate);
  }
}

const message = { jsonrpc: '2.0', method: 'm', params: 'ü' };

const written = (value: object) => Buffer.from(JSON.stringify(value));

function framed(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

test('a message is sent with its length in bytes', async () => {
  const pipes = new Pipes();
  const body = JSON.stringify(message);
  await expect(pipes.channel.send(written(message))).resolves.toBeUndefined();
  expect(pipes.read.join('')).toBe(framed(body));
});

test('messages come with their sizes', async () => {
  const pipes = new Pipes();
  await pipes.say(framed(JSON.stringify(message)));
  expect(pipes.received).toEqual([{ message, bytes: JSON.stringify(message).length + 1 }]);
});

test('a listener that fails does not keep what came along from being heard', () => {
  const output = new PassThrough();
  const channel = new ServerChannel(new PassThrough(), output);
  const heard: string[] = [];
  channel.listen(({ message: { method } }) => {
    heard.push(method!);
    if (method === 'm1') throw new Error('a fault of ours');
  });
  const messages = [1, 2].map(nth => framed(JSON.stringify({ ...message, method: `m${nth}` })));
  expect(() => output.emit('data', Buffer.from(messages.join('')))).toThrow('a fault of ours');
  output.emit('data', Buffer.from(messages[1]!));
  expect(heard).toEqual(['m1', 'm2', 'm2']);
  expect(channel.ended).toBeUndefined();
});

test('a server that does not read has so many bytes to come, and then the channel ends', async () => {
  const pipes = new Pipes({ reads: false });
  const sent = [{ text: 'x'.repeat(60) }, { text: 'y'.repeat(60) }];
  for (const one of sent) void pipes.channel.send(written(one));
  await expect(pipes.channel.send(written({}))).rejects.toMatchObject({
    code: 'protocol.violation',
    message: expect.stringContaining('it has left 100 bytes unread') as string,
  });
  expect(pipes.ends).toMatchObject([{ error: { code: 'protocol.violation' } }]);
});

test('a message larger than what may wait is sent to a server that has read all before', async () => {
  const pipes = new Pipes();
  await expect(pipes.channel.send(written({ text: 'x'.repeat(1_000) }))).resolves.toBeUndefined();
  await expect(pipes.channel.send(written({}))).resolves.toBeUndefined();
  expect(pipes.ends).toEqual([]);
});

test('a pipe that breaks ends the channel without blame, and fails what is being sent', async () => {
  const pipes = new Pipes({ isBroken: true });
  await expect(pipes.channel.send(written(message))).rejects.toThrow('EPIPE');
  await expect(pipes.channel.send(written(message))).rejects.toThrow();
  expect(pipes.ends).toEqual([{}]);
});

test.each([
  ['not JSON', '{"jsonrpc":', 'not JSON'],
  ['empty', '', 'not JSON'],
  ['none of JSON-RPC 2.0', '{"jsonrpc":"1.0"}', 'none of JSON-RPC 2.0'],
  ['no object', 'null', 'none of JSON-RPC 2.0'],
  ['of a method without a name', '{"jsonrpc":"2.0","method":5}', 'none of JSON-RPC 2.0'],
  ['a request without an id', '{"jsonrpc":"2.0","id":null,"method":"m"}', 'none of JSON-RPC 2.0'],
  ['under an odd id', '{"jsonrpc":"2.0","id":{},"result":1}', 'none of JSON-RPC 2.0'],
])(
  'a message that is %s ends the channel, and what comes behind it is not heard',
  async (_what, body, words) => {
    const pipes = new Pipes();
    await pipes.say(framed(body) + framed(JSON.stringify(message)));
    await pipes.say(framed(JSON.stringify(message)));
    expect(pipes.received).toEqual([]);
    expect(pipes.ends).toMatchObject([
      { error: { code: 'protocol.violation', message: expect.stringContaining(words) as string } },
    ]);
  },
);

test('an output that is closed ends the channel once', async () => {
  const pipes = new Pipes();
  pipes.output.end();
  await new Promise<void>(resolve => pipes.output.on('close', resolve));
  pipes.channel.dispose();
  expect(pipes.ends).toEqual([{}]);
});

test('a server is asked to end by whatever the client says, else by the end of its input', async () => {
  const [silent, polite] = [new Pipes(), new Pipes()];
  polite.channel.sayFarewellWith(() => polite.channel.send(written({ method: 'exit' })));
  silent.channel.sayBye();
  polite.channel.sayBye();
  expect(silent.input.writableEnded).toBe(true);
  expect(polite.input.writableEnded).toBe(false);
  await expect.poll(() => polite.read.join('')).toContain('exit');
});
