import { describe, expect, test } from 'vitest';
import { WaitingLine } from '../../../../../extension/sessions/pool/waitingLine.ts';
import { manualPlatform } from '../../../../support/manualPlatform.ts';

function create(maxLength = 10) {
  const platform = manualPlatform();
  let holds = 0;
  const hold = () => {
    holds++;
    return { dispose: () => void holds-- };
  };
  const line = new WaitingLine<string>({ ...platform, hold }, () => maxLength);
  return { clock: platform.clock, line, holds: () => holds };
}

describe('those who wait', () => {
  test('are served in the order in which they came', async () => {
    const { line } = create();
    const both = [line.join({}), line.join({})];
    expect([line.serve('a'), line.serve('b'), line.serve('c')]).toEqual([true, true, false]);
    expect(await Promise.all(both)).toEqual(['a', 'b']);
  });

  test('are no more than so many', async () => {
    const { line } = create(1);
    const first = line.join({});
    await expect(line.join({})).rejects.toMatchObject({ code: 'queue.full' });
    line.serve('a');
    expect(await first).toBe('a');
    expect(line.length).toBe(0);
  });

  test('wait on when their deadline is later than timers can tell', async () => {
    const { line, clock } = create();
    const patient = line.join({ forMs: 2 ** 31 });
    expect(clock.pending).toBe(0);
    line.serve('a');
    expect(await patient).toBe('a');
  });

  test('leave at their deadline, and those behind them move up', async () => {
    const { line, clock } = create();
    const hasty = line.join({ forMs: 10 });
    const patient = line.join({});
    clock.advance(10);
    await expect(hasty).rejects.toMatchObject({
      code: 'call.deadline',
      message: expect.stringContaining('was not made') as string,
    });
    line.serve('a');
    expect(await patient).toBe('a');
    expect(clock.pending).toBe(0);
  });

  test('leave when they no longer want to, with the reason they gave', async () => {
    const { line, clock } = create();
    const source = new AbortController();
    const waiting = line.join({ signal: source.signal, forMs: 10 });
    source.abort(new Error('typed on'));
    await expect(waiting).rejects.toMatchObject({
      code: 'call.cancelled',
      cause: new Error('typed on'),
    });
    expect([line.length, clock.pending]).toEqual([0, 0]);
    await expect(line.join({ signal: source.signal })).rejects.toMatchObject({
      code: 'call.cancelled',
    });
  });

  test('keep the process running, and nobody else does', async () => {
    const { line, holds } = create();
    const both = Promise.allSettled([line.join({}), line.join({})]);
    expect(holds()).toBe(1);
    line.serve('a');
    expect(holds()).toBe(1);
    line.failAll(new Error('none'));
    expect(holds()).toBe(0);
    await both;
  });

  test('all fail at once when there is nothing to wait for', async () => {
    const { line } = create();
    const both = Promise.allSettled([line.join({}), line.join({ forMs: 5 })]);
    line.failAll(new Error('none'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(line.length).toBe(0);
  });
});
