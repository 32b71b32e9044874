import { createWorkScope } from '../../server/node/workScope.ts';
import { Op, sentAhead, Tag } from '../../server/shared/protocol/wire.ts';
import { Loopback, LoopbackTransport } from './loopback.ts';
import { refusedSyncAnswers, refusedSyncCalls, syncCall, waiting } from './refusedSyncFrames.ts';
import { bytes } from './wireBytes.ts';
import {
  createReader,
  describeCall,
  fail,
  type MessageVector,
  type RefusedVector,
} from './wireVectors.ts';
import { toNotation } from './wireNotation.ts';

/** What is said on the channel for synchronous calls: frames, the last of which has the message. */
export interface SyncVector extends Pick<MessageVector, 'name'> {
  readonly sentBy: 'host' | 'worker';
  readonly frames: readonly string[];
  readonly message: object;
}

interface Callback {
  sync(...args: readonly unknown[]): unknown;
  with(options: object): Callback;
}

interface Scenario {
  readonly name: string;
  /** What the worker does with a function of the host's. */
  readonly call: (callback: Callback) => unknown;
  readonly answer: (...args: never[]) => unknown;
}

const scenarios: readonly Scenario[] = [
  { name: 'a call', call: callback => callback.sync(1, 'two'), answer: () => 3 },
  {
    name: 'a call with a function of the worker, which comes home',
    call: callback => callback.sync(() => undefined),
    answer: (given: unknown) => given,
  },
  {
    name: 'a call whose result goes by value',
    call: callback => callback.with({ result: 'value' }).sync(),
    answer: () => ({ a: 1 }),
  },
  {
    name: 'a call whose result goes by reference',
    call: callback => callback.with({ result: 'reference' }).sync(),
    answer: () => new (class Thing {})(),
  },
  { name: 'a call that fails', call: callback => callback.sync(), answer: fail },
];

const inPieces = [
  bytes(Op.piece, 2, 0, 0),
  bytes(Op.piece, 1, 0),
  syncCall(waiting, 1, Tag.segment, 2, sentAhead, 3),
];

/** Has real connections say what there is to say. */
export async function syncVectors(): Promise<SyncVector[]> {
  const vectors: SyncVector[] = [];
  for (const { name, ...scenario } of scenarios) {
    const { call, answer } = await converse(scenario);
    vectors.push(
      vectorOf(name, 'worker', [call]),
      vectorOf(`${name}: its answer`, 'host', [answer]),
    );
  }
  return [...vectors, vectorOf('pieces, and a call with the bytes in them', 'worker', inPieces)];
}

export function refusedSyncVectors(): RefusedVector[] {
  const by = (receivedBy: 'host' | 'worker', table: typeof refusedSyncCalls) =>
    table.map(([name, frame]) => ({ name, receivedBy, hex: frame.toString('hex') }));
  return [...by('host', refusedSyncCalls), ...by('worker', refusedSyncAnswers)];
}

/** Reads the frames as whoever receives them does, and writes the message down. */
export function describeSync({ sentBy, frames }: Omit<SyncVector, 'message'>): object {
  const reader = createReader();
  const bodies = frames.map(hex => Buffer.from(hex, 'hex'));
  const message = bodies.pop()!;
  for (const piece of bodies) {
    if (!reader.takePiece(piece)) throw new Error('a frame ahead of the message is no piece');
  }
  if (sentBy === 'worker') return { kind: 'call', ...describeCall(reader.readSyncCall(message)) };
  const answer = reader.readAnswer(message);
  const { id } = answer;
  return 'error' in answer
    ? { kind: 'error', id, value: toNotation(answer.error) }
    : { kind: 'result', id, value: toNotation(answer.value) };
}

function vectorOf(
  name: string,
  sentBy: SyncVector['sentBy'],
  bodies: readonly Buffer[],
): SyncVector {
  const frames = bodies.map(body => body.toString('hex'));
  return { name, sentBy, frames, message: describeSync({ name, sentBy, frames }) };
}

/** The worker would wait for the answer; here it gives up once it has asked, and its call is then served. */
async function converse({ call, answer }: Omit<Scenario, 'name'>) {
  const asked: Buffer[] = [];
  const blockingPipe = {
    send: (frame: Uint8Array) => void asked.push(Buffer.from(frame.subarray(4))),
    receive(): never {
      throw new Error('it is answered later');
    },
  };
  const use = (callback: Callback) => {
    try {
      call(callback);
    } catch {
      // It has asked.
    }
  };
  using pair = new Loopback({ use }, { worker: { blockingPipe } });
  const channel = new LoopbackTransport();
  pair.host.serveSync(channel, createWorkScope());
  await pair.api.use(answer as never);
  const [frame] = asked;
  channel.deliver(frame!);
  await pair.idle();
  return { call: frame!, answer: channel.sent[0]! };
}
