import { describe, expect, test } from 'vitest';
import { LineTail } from '../../../../extension/sessions/lineTail.ts';
import { Session, type SessionParts } from '../../../../extension/sessions/session.ts';
import { defaultSessionPolicy } from '../../../../extension/sessions/sessionPolicy.ts';
import { ResourceScope, toDisposable } from '../../../../server/shared/base/disposable.ts';
import type { CloseReason } from '../../../../server/shared/protocol/events.ts';
import { settled } from '../../../support/fakeGroup.ts';
import { Loopback } from '../../../support/loopback.ts';

const { drainMs } = defaultSessionPolicy;
const graceMs = 100;

/** A worker whose calls end when the test says so, and never hear of a cancellation. */
class Workbench {
  private readonly ends = new Map<string, () => void>();

  work(name: string): Promise<string> {
    return new Promise(resolve => this.ends.set(name, () => resolve(name)));
  }

  finish(name: string): void {
    this.ends.get(name)!();
  }
}

/** A session whose process ends as soon as it is asked to. */
function create() {
  const bench = new Workbench();
  const pair = new Loopback(bench, { graceMs });
  const { promise: exited, resolve } = Promise.withResolvers<unknown>();
  const exit = () => resolve({ code: 0, signal: null });
  let isAskedToEnd = false;
  pair.worker.onBye(() => {
    isAskedToEnd = true;
    exit();
  });
  const nothing = toDisposable(() => undefined);
  const usage = { onExceeded: () => nothing, setBusy: () => undefined };
  const parts = {
    id: 'test',
    runtime: 'node 24',
    pid: process.pid,
    confinement: { mechanism: 'none', succeeded: [], granted: [] },
    process: { exited, gone: exited, killTree: () => undefined, errorTail: new LineTail() },
    hold: { holdForGood: () => undefined },
    usage,
    scope: new ResourceScope(),
    policy: defaultSessionPolicy,
    clock: pair.platform.clock,
    announce: () => undefined,
    connection: pair.host,
    passing: undefined,
    onFrame: pair.hostPipe.onFrame,
  } as unknown as SessionParts;
  const session = new Session(parts);
  const call = (name: string, options = {}): Promise<string> => {
    const answer = Promise.resolve(pair.api.work.with(options)(name));
    answer.catch(() => undefined); // the test looks at it later
    return answer;
  };
  return {
    pair,
    bench,
    session,
    call,
    exit,
    clock: pair.platform.clock,
    get isAskedToEnd() {
      return isAskedToEnd;
    },
    [Symbol.dispose]: () => pair[Symbol.dispose](),
  };
}

const recycled: CloseReason = { kind: 'recycled', detail: '100 calls' };

describe('a session that is to end', () => {
  test('waits for the calls that its modules are still to answer', async () => {
    using made = create();
    const { session, bench } = made;
    const [one, other] = [made.call('one'), made.call('other')];
    await settled();
    const closing = session.close(recycled);
    bench.finish('one');
    await settled();
    expect(await one).toBe('one');
    expect(made.isAskedToEnd).toBe(false);
    bench.finish('other');
    expect(await other).toBe('other');
    await closing;
    expect(made.isAskedToEnd).toBe(true);
  });

  test('waits for them no longer than it may', async () => {
    using made = create();
    const call = made.call('one');
    await settled();
    const closing = made.session.close(recycled);
    made.clock.advance(drainMs - 1);
    await settled();
    expect(made.isAskedToEnd).toBe(false);
    made.clock.advance(1);
    await closing;
    await expect(call).rejects.toMatchObject({ code: 'session.closed' });
  });

  test('waits for none at the shutdown', async () => {
    using made = create();
    const call = made.call('one');
    await settled();
    await made.session.close({ kind: 'shutdown' });
    await expect(call).rejects.toMatchObject({ code: 'session.closed' });
  });

  test('waits for none when whoever owns it wants it gone', async () => {
    using made = create();
    const call = made.call('one');
    await settled();
    made.session.dropCalls();
    await made.session.close({ kind: 'requested' });
    await expect(call).rejects.toMatchObject({ code: 'session.closed' });
  });

  test('waits no longer when its owner wants it gone meanwhile', async () => {
    using made = create();
    const call = made.call('one');
    await settled();
    const closing = made.session.close(recycled);
    made.session.dropCalls();
    await closing;
    await expect(call).rejects.toMatchObject({ code: 'session.closed' });
  });

  test('waits for nobody any more when its process ends meanwhile', async () => {
    using made = create();
    const call = made.call('one');
    await settled();
    const closing = made.session.close(recycled);
    made.exit();
    made.pair.worker.dispose();
    await closing;
    await expect(call).rejects.toMatchObject({ code: 'session.closed' });
  });
});

describe('a session in which a call that was given up goes on', () => {
  const why = 'a call that was given up went on';
  const stuck: CloseReason = { kind: 'stuck', detail: why };

  /** Closes the session as soon as it is told to be replaced. */
  async function createOverdue() {
    const made = create();
    const bystander = made.call('bystander');
    const source = new AbortController();
    const ignoring = made.call('ignoring', { signal: source.signal });
    await settled();
    source.abort();
    await settled();
    await expect(ignoring).rejects.toMatchObject({ code: 'call.cancelled' });
    const closing = new Promise<void>(resolve => {
      made.session.onOverdue(() => resolve(made.session.close(stuck)));
    });
    made.clock.advance(graceMs);
    await settled();
    return { made, bystander, closing };
  }

  test('waits for the others, and not for that one', async () => {
    const { made, bystander, closing } = await createOverdue();
    using _made = made;
    expect(made.isAskedToEnd).toBe(false);
    made.bench.finish('bystander');
    expect(await bystander).toBe('bystander');
    await closing;
  });

  test('waits for the others also when that one has ended', async () => {
    const { made, bystander, closing } = await createOverdue();
    using _made = made;
    made.bench.finish('ignoring');
    await settled();
    expect(made.isAskedToEnd).toBe(false);
    made.bench.finish('bystander');
    expect(await bystander).toBe('bystander');
    await closing;
  });

  test('tells the others what happened when their time is over', async () => {
    const { made, bystander, closing } = await createOverdue();
    using _made = made;
    made.clock.advance(drainMs);
    await closing;
    await expect(bystander).rejects.toMatchObject({
      code: 'session.lost',
      message: `the session was ended: ${why}`,
    });
  });

  test('waits for one that is given up meanwhile no longer than for the first', async () => {
    const made = create();
    using _made = made;
    const sources = [new AbortController(), new AbortController()] as const;
    const calls = sources.map((source, index) => made.call(`${index}`, { signal: source.signal }));
    await settled();
    sources[0].abort();
    await settled();
    const closing = made.session.close(stuck);
    sources[1].abort();
    await settled();
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(made.isAskedToEnd).toBe(false);
    made.clock.advance(graceMs);
    await closing;
    expect(made.isAskedToEnd).toBe(true);
  });
});
