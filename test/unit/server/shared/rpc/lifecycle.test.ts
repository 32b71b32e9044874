import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Limits } from '../../../../../server/shared/protocol/limits.ts';
import { byRef } from '../../../../../server/shared/rpc/values/policy.ts';
import { Loopback, nothingLive } from '../../../../support/loopback.ts';
import type { Remote } from '../../../../support/remote.ts';

class Box {
  constructor(public value: unknown = 0) {}
  self() {
    return this;
  }
  async fill(value: unknown) {
    await new Promise(setImmediate);
    this.value = value;
    return this;
  }
  fail(): Box {
    throw new Error('empty');
  }
  async visit(visitor: (box: Box) => unknown) {
    return visitor(this);
  }
}

const steps = [
  'make',
  'self',
  'fill',
  'fillWithResult',
  'fillWithMember',
  'fail',
  'visit',
  'visitAndFail',
  'batch',
  'get',
  'set',
  'construct',
  'cancel',
  'deadline',
  'await',
  'release',
  'turn',
] as const;

type Step = readonly [(typeof steps)[number], number];
type Result = PromiseLike<unknown> & Partial<Disposable>;

test.each<[string, Partial<Limits>]>([
  ['as many calls as one likes', {}],
  ['few calls and small frames', { maxPendingCalls: 2, maxFrameBytes: 20_000 }],
])(
  'any sequence of operations with %s leaves no reference behind',
  { timeout: 60_000 },
  async (_what, limits) => {
    const step = fc.tuple(fc.constantFrom(...steps), fc.nat({ max: 20 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async sequence => {
        using pair = new Loopback({ make: (value: unknown) => new Box(value), Box }, { limits });
        await perform(pair, sequence);
        expect(await pair.collected()).toEqual(nothingLive);
        expect(pair.ends).toEqual({ host: [], worker: [] });
        expect(pair.platform.clock.pending).toBe(0);
      }),
      {
        numRuns: 60,
        examples: [
          // What is told to those who wait was kept, and with it all that was on its stack.
          [[['await', 0] as const, ['cancel', 0] as const, ['cancel', 0] as const]],
        ],
      },
    );
  },
);

/** Each step uses a result of one before it, whether it is there or not. */
async function perform(
  pair: Loopback<{ make(value: unknown): Box; Box: typeof Box }>,
  sequence: readonly Step[],
): Promise<void> {
  const { api } = pair;
  const first = api.make('first');
  const boxes = [first];
  const results: Result[] = [];
  const awaited: PromiseLike<unknown>[] = [];
  for (const [kind, number] of sequence) {
    const box = boxes[number % boxes.length]!;
    switch (kind) {
      case 'make':
        boxes.push(api.make(byRef({ number })));
        break;
      case 'self':
        boxes.push(box.self());
        break;
      case 'fill':
        boxes.push(box.fill(new Box(number)));
        break;
      case 'fillWithResult':
        boxes.push(box.fill([first, { box }]));
        break;
      case 'fillWithMember':
        boxes.push(box.fill([first.value, { value: box.value }]));
        break;
      case 'fail':
        boxes.push(box.fail());
        break;
      case 'visit':
        results.push(box.visit((visited: Box) => visited));
        break;
      case 'visitAndFail':
        results.push(
          box.visit(async (visited: Remote<Box>) => {
            await visited.self();
            throw new Error('seen');
          }),
        );
        break;
      case 'batch':
        results.push(box.fill.batch([[1], [new Box()], [first]]));
        break;
      case 'get':
        results.push(box.value);
        break;
      case 'set':
        (box as unknown as Box).value = number;
        break;
      case 'construct':
        boxes.push(new api.Box(number));
        break;
      case 'cancel': {
        const controller = new AbortController();
        results.push(box.fill.with({ signal: controller.signal })(number));
        if (number % 2 === 0) await new Promise(setImmediate);
        controller.abort();
        break;
      }
      case 'deadline':
        results.push(box.fill.with({ deadlineMs: number })(number));
        pair.platform.clock.advance(number);
        break;
      case 'await':
        awaited.push(box.then(noOne, noOne));
        break;
      case 'release':
        box[Symbol.dispose]();
        break;
      case 'turn':
        await new Promise(setImmediate);
        break;
    }
  }
  for (const result of results) awaited.push(result.then(noOne, noOne));
  await Promise.all(awaited);
  for (const result of [...boxes, ...results]) result[Symbol.dispose]?.();
}

function noOne(): void {
  // What comes is left to be collected.
}
