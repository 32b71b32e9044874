import type { Exports } from '../../server/shared/rpc/exports.ts';
import type { Imports } from '../../server/shared/rpc/imports.ts';
import { KeptResult, type KeptResults } from '../../server/shared/rpc/keptResults.ts';
import { MessageReader, type MessageHandler } from '../../server/shared/rpc/messageReader.ts';
import type { IncomingCall } from '../../server/shared/rpc/incomingCall.ts';
import { byRef } from '../../server/shared/rpc/values/policy.ts';
import { PieceBudget } from '../../server/shared/rpc/values/pieces.ts';
import { noSegments } from '../../server/shared/rpc/values/segments.ts';
import { defaultLimits } from '../../server/shared/protocol/limits.ts';
import { PROTOCOL_VERSION } from '../../server/shared/protocol/version.ts';
import {
  CallFlag,
  NumberForm,
  Op,
  sentAhead,
  Tag,
  TextForm,
} from '../../server/shared/protocol/wire.ts';
import { nodePlatform } from '../../server/node/nodePlatform.ts';
import { Loopback } from './loopback.ts';
import { refusedByHosts, refusedByWorkers } from './refusedFrames.ts';
import { failureOf } from './remote.ts';
import { Reference, write } from './valueTrip.ts';
import { bytes, float64, small, text, textValue, type Part } from './wireBytes.ts';
import { fromNotation, toNotation, type Notation } from './wireNotation.ts';

export interface ValueVector {
  readonly name: string;
  readonly hex: string;
  /** What no writer makes of the value, and every reader takes for it. */
  readonly otherForms?: readonly string[];
  readonly value: Notation;
}

export interface MessageVector {
  readonly name: string;
  readonly sentBy: 'host' | 'worker' | 'either';
  /** The body of a frame: one message, or several. */
  readonly hex: string;
  readonly messages: readonly object[];
}

export interface RefusedVector {
  readonly name: string;
  readonly receivedBy: 'host' | 'worker';
  readonly hex: string;
}

const stack = 'Error: message\n    at here';

const values: readonly (readonly [name: string, value: Notation])[] = [
  ['undefined', { undefined: true }],
  ['null', null],
  ['false', false],
  ['true', true],
  ['the smallest whole number of one byte', -16],
  ['zero', 0],
  ['the largest whole number of one byte', 111],
  ['an int32', 112],
  ['an int32 below zero', -17],
  ['the largest int32', 2147483647],
  ['a whole number beyond int32', 2147483648],
  ['the largest safe integer', 9007199254740991],
  ['a fraction', 0.5],
  ['zero below', { float64: '-0' }],
  ['not a number', { float64: 'NaN' }],
  ['infinity', { float64: 'Infinity' }],
  ['an empty text', ''],
  ['a text of ASCII', 'text'],
  ['a text beyond ASCII', 'ä😀'],
  ['a text of 253 bytes, in the short form', 'ä'.repeat(126) + 'a'],
  ['a text of 254 bytes, in the long form', 'ä'.repeat(127)],
  ['a text of 254 characters, in the long form', 'a'.repeat(254)],
  ['a text with half a character, in UTF-16', 'a\ud83d'],
  ['big zero', { bigint: '0' }],
  ['a big integer', { bigint: '256' }],
  ['a big integer below zero', { bigint: '-18446744073709551616' }],
  ['an empty list', []],
  ['a list', [1, 'two', null]],
  ['a list with a gap', [1, { gap: true }, { undefined: true }]],
  ['a list of int8', [-128, 1, 2, 3, 4, 5, 6, 127]],
  ['a list of uint8', [0, 1, 2, 3, 4, 5, 6, 255]],
  ['a list of int16', [-1, 1, 2, 3, 4, 5, 6, 128]],
  ['a list of uint16', [0, 1, 2, 3, 4, 5, 6, 65_535]],
  ['a list of int32', [-1, 1, 2, 3, 4, 5, 6, 65_535]],
  ['a list of float64', [0, 1, 2, 3, 4, 5, 6, 0.5]],
  ['an empty object', { object: [] }],
  [
    'an object',
    {
      object: [
        ['a', 1],
        ['b', 'two'],
      ],
    },
  ],
  ['two objects of one shape', [{ object: [['id', 1]] }, { object: [['id', 2]] }]],
  [
    'an object with a name that has a meaning',
    {
      object: [
        ['__proto__', 1],
        ['constructor', 2],
      ],
    },
  ],
  [
    'a map',
    {
      map: [
        ['key', 1],
        [2, 'value'],
      ],
    },
  ],
  ['a set', { set: [1, 'two'] }],
  ['a date', { date: 1600000000123 }],
  ['a date that is none', { date: null }],
  ['a regular expression', { regexp: ['a+', 'gi'] }],
  ['an error', { error: 'TypeError', fields: { message: 'message', stack } }],
  [
    'an error with all there is',
    {
      error: 'CustomError',
      fields: { message: 'message', stack, cause: 'why', own: { object: [['code', 'ECODE']] } },
    },
  ],
  [
    'an error for several',
    { error: 'AggregateError', fields: { message: 'message', stack, errors: ['one', 'two'] } },
  ],
  ...[
    'ArrayBuffer',
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
    'DataView',
    'Float16Array',
  ].map((kind): [string, Notation] => [`bytes: ${kind}`, { bytes: kind, hex: '0102030405060708' }]),
  ['bytes in a segment', { segment: 7, length: 3 }],
  ['bytes that were sent ahead', { segment: 0, length: 3 }],
  ['a boxed number', { boxed: 1 }],
  ['a boxed text', { boxed: 'text' }],
  ['an object twice', [{ object: [] }, { same: 1 }]],
  ['a list that holds itself', [{ same: 0 }]],
  ['an object of the sender', { mine: 5, function: false }],
  ['a function of the sender', { mine: 5, function: true }],
  ['an object of the receiver', { yours: 5 }],
  ['the result of a call', { result: 5 }],
];

/** A text, in the long form and in UTF-16. */
function longTexts(value: string): Buffer[] {
  const lengthOf = (length: number) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(length);
    return buffer;
  };
  const [utf8, utf16] = [Buffer.from(value), Buffer.from(value, 'utf16le')];
  return [
    bytes(Tag.text, TextForm.utf8, lengthOf(utf8.length), utf8),
    bytes(Tag.text, TextForm.utf16, lengthOf(value.length), utf16),
  ];
}

/** By the names of the vectors. */
const otherForms: Readonly<Record<string, readonly Buffer[]>> = {
  'an int32': [bytes(Tag.float64, float64(112)), bytes(Tag.integer, float64(112))],
  'a whole number beyond int32': [bytes(Tag.float64, float64(2147483648))],
  'a text of ASCII': longTexts('text'),
  'a text beyond ASCII': longTexts('ä😀'),
  'a text of 253 bytes, in the short form': longTexts('ä'.repeat(126) + 'a'),
  'a list': [bytes(Tag.array, 3, Tag.int32, 1, 0, 0, 0, textValue('two'), Tag.null)],
  'a list of uint8': [
    bytes(Tag.array, 8, ...[0, 1, 2, 3, 4, 5, 6].map(small), Tag.int32, 0xff, 0, 0, 0),
    bytes(Tag.numbers, NumberForm.float64, 8, ...[0, 1, 2, 3, 4, 5, 6, 255].map(float64)),
  ],
};

/** Puts and takes three bytes of one and the same number, the number of the segment. */
export const vectorRoad = {
  put: (data: Uint8Array) =>
    data.length === 3 && (data[0] === 7 || data[0] === 0) ? data[0] : undefined,
  take: (segment: number, length: number) => new Uint8Array(length).fill(segment),
  free: () => undefined,
};

export function valueVectors(): ValueVector[] {
  return values.map(([name, value]) => {
    const made = write(fromNotation(value), { road: vectorRoad });
    const others = otherForms[name]?.map(form => form.toString('hex'));
    return { name, hex: made.bytes.toString('hex'), ...(others && { otherForms: others }), value };
  });
}

/** Has a real connection say what there is to say. */
export async function messageVectors(): Promise<MessageVector[]> {
  const vectors: MessageVector[] = [];
  for (const { name, sentBy, say } of scenarios) {
    using pair = new Loopback(createRoot());
    const frame = await say(pair);
    vectors.push({ name, sentBy, hex: frame.toString('hex'), messages: describeMessages(frame) });
    await pair.idle();
  }
  return vectors;
}

export function refusedVectors(): RefusedVector[] {
  const by = (receivedBy: 'host' | 'worker', table: typeof refusedByWorkers) =>
    table.map(([name, parts]) => ({ name, receivedBy, hex: bytes(...parts).toString('hex') }));
  return [...by('worker', refusedByWorkers), ...by('host', refusedByHosts)];
}

class Text {
  constructor(readonly words: string) {}
  read() {
    return this.words;
  }
}

export function fail(): never {
  const own = { errno: -2, at: { line: 1, ends: [true, null] } };
  throw Object.assign(new TypeError('message'), { code: 'ECODE', stack, ...own });
}

function failTwice(): never {
  const errors = ['one', 'two'].map(message => Object.assign(new RangeError(message), { stack }));
  throw Object.assign(new AggregateError(errors, 'both'), { stack });
}

function createRoot() {
  return {
    echo: (value?: unknown, ..._more: unknown[]) => value,
    open: (words: string) => new Text(words),
    read: (text: Pick<Text, 'read'>) => text.read(),
    never: () => new Promise<never>(() => undefined),
    late: async () => {
      for (let turns = 3; turns > 0; turns--) await new Promise(setImmediate);
      return 1;
    },
    fail,
    failTwice,
    words: 'words',
    Text,
  };
}

type Pair = Loopback<ReturnType<typeof createRoot>>;

interface Scenario {
  readonly name: string;
  readonly sentBy: 'host' | 'worker' | 'either';
  readonly say: (pair: Pair) => Promise<Buffer>;
}

const last = (frames: readonly Buffer[]): Buffer => frames.at(-1)!;

/** What the host has sent when nothing is under way any more. */
async function asked(pair: Pair, ask: (api: Pair['api']) => unknown): Promise<Buffer> {
  const frames = pair.hostPipe.sent.length;
  const result = ask(pair.api);
  await pair.idle();
  void result;
  return pair.hostPipe.sent[frames]!;
}

/** What the worker has answered. */
async function answered(pair: Pair, ask: (api: Pair['api']) => unknown): Promise<Buffer> {
  await asked(pair, ask);
  return last(pair.workerPipe.sent);
}

const quiet = (call: PromiseLike<unknown>) => call.then(undefined, () => undefined);

/** A call with one argument. */
const echoing = (...value: readonly Part[]) =>
  bytes(Op.call, CallFlag.want, 1, 0, 1, text('echo'), 1, ...value);

const scenarios: readonly Scenario[] = [
  {
    name: 'hello',
    sentBy: 'worker',
    say: async pair => {
      pair.worker.sayHello({
        protocol: PROTOCOL_VERSION,
        pid: 1,
        runtime: 'node',
        runtimeVersion: '24.0.0',
      });
      return last(pair.workerPipe.sent);
    },
  },
  {
    name: 'welcome',
    sentBy: 'host',
    say: async pair => {
      const types = [{ type: 'Node', passing: 'value' as const }];
      pair.host.sayWelcome({ segments: '/tmp/x', types, objects: 'reference' });
      return last(pair.hostPipe.sent);
    },
  },
  {
    name: 'welcome without anything',
    sentBy: 'host',
    say: async pair => {
      pair.host.sayWelcome({});
      return last(pair.hostPipe.sent);
    },
  },
  {
    name: 'bye',
    sentBy: 'host',
    say: async pair => {
      pair.host.sayBye();
      return last(pair.hostPipe.sent);
    },
  },
  {
    name: 'a call whose answer is wanted',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.echo(1, 'two'))),
  },
  {
    name: 'a call whose result is kept',
    sentBy: 'either',
    say: pair => asked(pair, api => api.echo(1)),
  },
  {
    name: 'a call on the result of another, and its result as argument',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.read(api.open('words')))),
  },
  {
    name: 'a call of a member of a result',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.open('words').read())),
  },
  {
    name: 'a call with a function of the caller',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.read({ read: () => 'mine' }))),
  },
  {
    name: 'a call with an object of the caller',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.echo(byRef({})))),
  },
  {
    name: 'a call with an object of the receiver',
    sentBy: 'either',
    say: async pair => {
      using text = await pair.api.open('words');
      return asked(pair, api => quiet(api.read(text)));
    },
  },
  {
    name: 'a call that is traced',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.echo.with({ deadlineMs: 1_000 })())),
  },
  {
    name: 'a call whose times are wanted',
    sentBy: 'either',
    say: async () => bytes(Op.call, CallFlag.want + CallFlag.timed, 1, 0, 1, text('echo'), 0),
  },
  {
    name: 'a call whose result goes by value',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.open.with({ result: 'value' })('a'))),
  },
  {
    name: 'a call whose result goes by reference',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.echo.with({ result: 'reference' })({}))),
  },
  {
    name: 'a construction',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(new api.Text('words').read())),
  },
  {
    name: 'a batch',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.echo.batch([[1], [2, 3]]))),
  },
  {
    name: 'a batch that runs all',
    sentBy: 'either',
    say: pair => asked(pair, api => quiet(api.echo.batch([[1]], { settle: true }))),
  },
  {
    name: 'a get',
    sentBy: 'either',
    say: pair =>
      asked(pair, api => quiet((api.words as unknown as { length: PromiseLike<number> }).length)),
  },
  {
    name: 'a set',
    sentBy: 'either',
    say: pair =>
      asked(pair, api => {
        (api as unknown as { words: string }).words = 'new';
      }),
  },
  {
    name: 'a pull',
    sentBy: 'either',
    say: async pair => {
      const result = pair.api.echo(1);
      await pair.idle();
      return asked(pair, () => quiet(result));
    },
  },
  {
    name: 'a drop',
    sentBy: 'either',
    say: async pair => {
      const result = pair.api.echo(1);
      await pair.idle();
      return asked(pair, () => result[Symbol.dispose]());
    },
  },
  {
    name: 'a release',
    sentBy: 'either',
    say: async pair => {
      const text = await pair.api.open('a');
      return asked(pair, () => text[Symbol.dispose]());
    },
  },
  {
    name: 'a cancellation',
    sentBy: 'either',
    say: async pair => {
      void quiet(pair.api.never.with({ deadlineMs: 50 })());
      await pair.idle();
      return asked(pair, () => pair.platform.clock.advance(50));
    },
  },
  {
    name: 'a start',
    sentBy: 'either',
    say: pair => answered(pair, api => quiet(api.never.with({ deadlineMs: 50 })())),
  },
  {
    name: 'a cancellation that has been seen',
    sentBy: 'either',
    say: async pair => {
      void quiet(pair.api.never.with({ deadlineMs: 50 })());
      await pair.idle();
      return answered(pair, () => pair.platform.clock.advance(50));
    },
  },
  { name: 'a result', sentBy: 'either', say: pair => answered(pair, api => quiet(api.echo(1))) },
  {
    name: 'a result that lives with its sender',
    sentBy: 'either',
    say: pair => answered(pair, api => quiet(api.open('a'))),
  },
  {
    name: 'a result with times',
    sentBy: 'either',
    say: pair => answered(pair, api => quiet(api.echo.with({ deadlineMs: 1_000 })(1))),
  },
  {
    name: 'the result of a batch that stopped',
    sentBy: 'either',
    say: pair => answered(pair, api => quiet(api.fail.batch([[]]))),
  },
  {
    name: 'word that a result is kept',
    sentBy: 'either',
    say: pair => answered(pair, api => api.echo(1)),
  },
  {
    name: 'word that a result is kept, with times',
    sentBy: 'either',
    say: pair => answered(pair, api => api.echo.with({ deadlineMs: 1_000 })(1)),
  },
  {
    name: 'word that a result is kept, then that result, asked for before it was there',
    sentBy: 'either',
    say: async pair => {
      const result = pair.api.late();
      await new Promise(setImmediate);
      return answered(pair, () => quiet(result));
    },
  },
  { name: 'an error', sentBy: 'either', say: pair => answered(pair, api => quiet(api.fail())) },
  {
    name: 'an error with times',
    sentBy: 'either',
    say: pair => answered(pair, api => quiet(api.fail.with({ deadlineMs: 1_000 })())),
  },
  {
    name: 'an error that stands for several',
    sentBy: 'either',
    say: pair => answered(pair, api => quiet(api.failTwice())),
  },
  {
    name: 'the error of another call',
    sentBy: 'either',
    say: pair => answered(pair, api => failureOf(api.echo(api.fail()))),
  },
  {
    name: 'a segment that is free again',
    sentBy: 'either',
    say: async () => bytes(Op.freeSegment, 7),
  },
  {
    name: 'pieces, and a call with the bytes in them',
    sentBy: 'either',
    say: async () =>
      bytes(Op.piece, 2, 0, 0, Op.piece, 1, 0, echoing(Tag.segment, 2, sentAhead, 3)),
  },
];

/** Writes down every message of a frame. */
export function describeMessages(frame: Uint8Array): object[] {
  const messages: object[] = [];
  const say = (kind: string, rest: object) => void messages.push({ kind, ...rest });
  const handler: MessageHandler = {
    isClosed: false,
    hello: hello => say('hello', { value: toNotation(hello) }),
    welcome: welcome => say('welcome', { value: toNotation(welcome) }),
    bye: () => say('bye', {}),
    call: call => say(call.action.kind, describeCall(call)),
    pull: id => say('pull', { id }),
    cancel: id => say('cancel', { id }),
    drop: id => say('drop', { id }),
    release: (object, times) => say('release', { object, times }),
    freeSegment: segment => say('freeSegment', { segment }),
    started: (id, times) => say('started', { id, ...times }),
    cancelling: id => say('cancelling', { id }),
    result: (id, value, times) => say('result', { id, ...times, value: toNotation(value) }),
    unusable: (id, failure) => say('unusable', { id, failure }),
    done: (id, times) => say('done', { id, ...times }),
    error: (id, error, times) => say('error', { id, ...times, value: toNotation(error) }),
  };
  createReader().read(frame, handler);
  return messages;
}

export function describeCall({ id, flags, target, path, action }: IncomingCall): object {
  const { word, tag } = target as Reference;
  const names = {
    want: CallFlag.want,
    keep: CallFlag.keep,
    traced: CallFlag.traced,
    byValue: CallFlag.byValue,
    byReference: CallFlag.byReference,
    timed: CallFlag.timed,
    synchronous: CallFlag.synchronous,
  };
  const set = Object.entries(names).filter(([, bit]) => flags & bit);
  const common = {
    flags: set.map(([name]) => name),
    id,
    target: tag === Tag.result ? { result: word } : { object: word },
    path,
  };
  if (action.kind === 'get') return common;
  if (action.kind === 'set') return { ...common, value: toNotation(action.value[0]) };
  if (action.kind !== 'batch') return { ...common, args: action.args.map(toNotation) };
  const { runsAll, items } = action;
  return { ...common, runsAll, items: items.map(args => args.map(toNotation)) };
}

/** Reads messages to which it does not matter what was said before: every reference stands for itself. */
export function createReader(): MessageReader {
  const result = (id: number) => {
    const kept = new KeptResult(id, 'call', undefined);
    kept.succeed(new Reference(Tag.result, id));
    return kept;
  };
  return new MessageReader({
    platform: nodePlatform,
    limits: defaultLimits,
    exports: { get: (number: number) => new Reference(Tag.yours, number) } as unknown as Exports,
    imports: {
      receive: (number: number, isFunction: boolean) =>
        new Reference(Tag.mine, number * 2 + (isFunction ? 1 : 0)),
    } as unknown as Imports,
    kept: { get: result, keep: result } as unknown as KeptResults,
    isWary: false,
    road: noSegments(),
    budget: new PieceBudget(defaultLimits.maxAheadBytes),
  });
}
