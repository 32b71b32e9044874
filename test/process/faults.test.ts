import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSessionOpener } from '../../extension/sessions/openGreenroom.ts';
import { SegmentFolders } from '../../extension/sessions/segmentFolders.ts';
import { CallFlag, Op, Tag } from '../../server/shared/protocol/wire.ts';
import type * as hostile from '../fixtures/modules/hostile.mjs';
import { workshopFile, type Workshop } from '../support/modules.ts';
import { collectGarbage } from '../support/garbage.ts';
import { noneLive } from '../support/loopback.ts';
import { heldFor } from '../support/heldFor.ts';
import { segmentsIn } from '../support/modulesInFolder.ts';
import { Project } from '../support/project.ts';
import { failureOf } from '../support/remote.ts';
import { TestPool, workerPath } from '../support/sessions.ts';
import { bytes, count, frame, small, type Part } from '../support/wireBytes.ts';

const hostileFile = path.resolve(import.meta.dirname, '../fixtures/modules/hostile.mjs');
const mebibyte = 1024 * 1024;

let folder: Project;
let host: TestPool;
let opener: ReturnType<typeof createSessionOpener>;

beforeEach(() => {
  folder = new Project();
  host = new TestPool(
    { replacesLost: false, timedCallsPerS: 100 },
    undefined,
    new SegmentFolders(folder.root),
  );
  opener = createSessionOpener(host.pool, {
    executable: process.execPath,
    workerPath,
    pythonWorkerPath: '',
    environment: {},
    confinement: () => 'off',
  });
});

afterEach(async () => {
  await host[Symbol.asyncDispose]();
  opener.dispose();
  folder[Symbol.dispose]();
});

async function open(shareKey = 'faults') {
  const session = await opener.openSession({ shareKey });
  const workshop = session.load<Workshop>(workshopFile);
  const evil = session.load<typeof hostile>(hostileFile);
  await Promise.all([workshop, evil]);
  return { session, workshop, evil };
}

type Opened = Awaited<ReturnType<typeof open>>;

const segments = () => segmentsIn(folder);

/** How often the calls of each name have ended, as the panel would show it. */
function endsByMethod(): Readonly<Record<string, number>> {
  const ends: Record<string, number> = {};
  for (const event of host.events) {
    if (event.kind !== 'called') continue;
    ends[event.call.method] = (ends[event.call.method] ?? 0) + 1;
  }
  return ends;
}

const callOfObject = (id: number, object: number, ...args: readonly Part[]) =>
  bytes(Op.call, CallFlag.want, count(id), count(object * 2), 0, args.length, ...args);

describe('what ends a session', () => {
  const deep = bytes(...Array.from({ length: 600 }, () => bytes(Tag.array, 1)), small(1));
  const flood = bytes(...Array.from({ length: 70_000 }, (_, n) => callOfObject(1_000 + n, 1)));

  const said: readonly (readonly [what: string, bytes: Uint8Array, reason: string])[] = [
    ['a frame that is too large', Buffer.alloc(4, 0xff), '4294967295 bytes was announced'],
    ['a value that is too deep', frame(callOfObject(900, 1, deep)), 'too deeply'],
    ['a message of an unknown kind', frame(99), 'unknown kind 99'],
    ['a message that is cut off', frame(Op.result, 5), 'ends too early'],
    ['an answer that nobody asked for', frame(Op.result, count(4_711), small(1)), 'call 4711'],
    ['an unknown reference', frame(callOfObject(900, 60)), 'object 60 is not known'],
    ['a release of what was never given', frame(Op.release, 60, 1), 'object 60 cannot be'],
    ['a flood of calls', frame(flood), 'too many calls'],
  ];

  const ways: readonly (readonly [what: string, deed: (opened: Opened) => unknown, RegExp])[] = [
    ...said.map(
      ([what, bytes, reason]) =>
        [what, ({ evil }: Opened) => evil.say(bytes), new RegExp(reason, 'u')] as const,
    ),
    [
      'its death in the middle of a frame',
      ({ evil }) => evil.sayAndDie(Buffer.of(10, 0, 0, 0, Op.result)),
      /SIGKILL/u,
    ],
    [
      'its death in the middle of a synchronous callback',
      async ({ workshop }) => {
        const pid = await workshop.pid();
        const ask = () => {
          process.kill(pid, 'SIGKILL');
          return new Promise<never>(() => undefined);
        };
        return workshop.askSync(ask, new Uint8Array(1));
      },
      /SIGKILL/u,
    ],
  ];

  test.each(ways)('leaves nothing, and every call ends once: %s', async (_what, deed, reason) => {
    const opened = await open();
    const { session, workshop, evil } = opened;
    const large = new Uint8Array(mebibyte);
    const waiting = [
      workshop.callBack(() => new Promise<never>(() => undefined), 1),
      workshop.never(),
      workshop.never.batch([[], []]),
      ...Array.from({ length: 3 }, () => evil.hold(large)),
    ].map(result => failureOf(result));
    await workshop.mirror(large); // whatever came before has begun
    expect(segments()).toHaveLength(5);
    void Promise.resolve(deed(opened)).catch(() => undefined);
    const failures = await Promise.all(waiting);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: 'session.lost',
        message: expect.stringMatching(reason) as string,
      });
    }
    await host.seen('closed');
    await expect.poll(segments).toEqual([]);
    expect(heldFor(session)).toEqual(noneLive);
    expect(endsByMethod()).toMatchObject({ callBack: 1, never: 2, hold: 3 });
    await expect.poll(() => host.survivors).toEqual([]);
    expect(await (await open()).workshop.echo(1)).toBe(1);
  });
});

const referToPoint = (workshop: Opened['workshop']) =>
  workshop.point.with({ result: 'reference' })();

describe('what fails a call alone', () => {
  const ways: readonly (readonly [
    what: string,
    deed: (opened: Opened) => PromiseLike<unknown>,
    failure: Readonly<Record<string, unknown>>,
  ])[] = [
    [
      'a released reference',
      async ({ workshop }) => {
        const point = await referToPoint(workshop);
        point[Symbol.dispose]();
        return workshop.echo(point);
      },
      { code: 'reference.released' },
    ],
    [
      'a reference of another session',
      async ({ workshop }) => {
        const other = await open('another');
        using point = await referToPoint(other.workshop);
        try {
          return await workshop.echo(point);
        } finally {
          await other.session.close();
        }
      },
      { code: 'reference.foreign' },
    ],
    ...['__proto__', 'constructor', 'prototype'].map(
      name =>
        [
          `a method called ${name}`,
          ({ workshop }: Opened) =>
            (workshop as unknown as Record<string, { x(): PromiseLike<unknown> }>)[name]!.x(),
          { code: 'call.unknownMethod' },
        ] as const,
    ),
    [
      'a getter that throws, of an argument',
      ({ workshop }) =>
        workshop.echo({
          get value(): never {
            throw new RangeError('from the getter');
          },
        }),
      { message: 'from the getter' },
    ],
    [
      'a getter that throws, of a result',
      ({ evil }) => evil.throws(),
      { remoteName: 'RangeError' },
    ],
    [
      'an argument that cannot be cloned',
      ({ workshop }) => workshop.echo([new Uint8Array(mebibyte), Symbol('no')]),
      { code: 'value.unserializable' },
    ],
    [
      'a result that cannot be cloned',
      ({ evil }) => evil.symbol(),
      { code: 'value.unserializable' },
    ],
    [
      'a callback whose object is released while it is in flight',
      async ({ workshop, evil }) => {
        const point = await referToPoint(workshop);
        const asked = evil.callLater(() => point.x);
        point[Symbol.dispose]();
        return asked;
      },
      { code: 'reference.released' },
    ],
    [
      'a call that is given up, and is answered all the same',
      async ({ workshop, evil }) => {
        const goOn = Promise.withResolvers<void>();
        const begun = Promise.withResolvers<void>();
        const controller = new AbortController();
        const callback = () => {
          begun.resolve();
          return goOn.promise;
        };
        const asked = evil.callLater.with({ signal: controller.signal })(callback);
        const failed = failureOf(asked);
        await begun.promise;
        controller.abort();
        await failed;
        goOn.resolve();
        await workshop.pid();
        throw await failed;
      },
      { code: 'call.cancelled' },
    ],
    [
      'a call with large bytes that has taken too long',
      async ({ evil, workshop }) => {
        const { signal } = new AbortController();
        const large = new Uint8Array(mebibyte);
        const hold = () => evil.holdUntilStopped.with({ deadlineMs: 20 })(large, signal);
        for (let round = 0; round < 4; round++) {
          await failureOf(hold());
          await workshop.pid(); // it has taken the bytes
        }
        expect(segments().length).toBeLessThanOrEqual(2); // they are used again
        return hold();
      },
      { code: 'call.deadline' },
    ],
  ];

  test.each(ways)('leaves nothing: %s', async (_what, deed, failure) => {
    const { session, workshop, evil } = await open();
    const before = await session.liveReferences();
    expect(await failureOf(deed({ session, workshop, evil }))).toMatchObject(failure);
    expect(await workshop.echo(1)).toBe(1);
    const left = async () => {
      collectGarbage();
      await evil.collect();
      return session.liveReferences();
    };
    await expect.poll(left).toEqual(before);
  });

  test('names that mean something to objects are names among data', async () => {
    const { workshop, evil } = await open();
    const named = JSON.parse('{"__proto__": 1, "constructor": 2, "then": 3}') as object;
    expect(await evil.named()).toEqual(named);
    expect(await workshop.echo(named)).toEqual(named);
    expect(Object.getPrototypeOf(await evil.named())).toBe(Object.prototype);
  });
});
