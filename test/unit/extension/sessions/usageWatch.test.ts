import { expect, test } from 'vitest';
import type { CloseReason } from '../../../../server/shared/protocol/events.ts';
import { UsageWatch } from '../../../../extension/sessions/usageWatch.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

interface Reading {
  readonly mb?: number;
  readonly processorMs?: number;
  readonly processes?: number;
}

function watchOver(...readings: Reading[]) {
  const clock = new ManualClock();
  const exceeded: CloseReason[] = [];
  const usage = async () => {
    const { mb = 0, processorMs = 0, processes = 1 } = readings.shift() ?? {};
    return { residentBytes: mb * 1_024 * 1_024, processorMs, processes };
  };
  const limits = { memoryMb: 100, idleProcessorMs: 5_000, processes: 20 };
  let calls = 0;
  const everyMs = { busy: 10, idle: 1_000 };
  const watch = new UsageWatch(usage, limits, everyMs, clock, () => calls);
  watch.onExceeded(reason => exceeded.push(reason));
  const advance = async (byMs: number) => {
    clock.advance(byMs);
    await new Promise(setImmediate);
  };
  return { clock, watch, exceeded, readings, advance, call: () => calls++ };
}

test('too much memory is told once', async () => {
  const { watch, exceeded, advance, clock } = watchOver({ mb: 99 }, { mb: 101 }, { mb: 300 });
  watch.setBusy(true);
  await advance(10);
  expect(exceeded).toEqual([]);
  await advance(10);
  await advance(10);
  const detail = 'it used 101 MB, more than its limit of 100 MB';
  expect(exceeded).toEqual([{ kind: 'memory', detail }]);
  expect(clock.pending).toBe(0);
});

test('too many processes are told', async () => {
  const { exceeded, advance } = watchOver({ processes: 20 }, { processes: 21 });
  await advance(1_000);
  expect(exceeded).toEqual([]);
  await advance(1_000);
  const detail = 'it ran 21 processes, more than its limit of 20';
  expect(exceeded).toEqual([{ kind: 'processes', detail }]);
});

test('an idle session is looked at too, more rarely', async () => {
  const { exceeded, advance, readings } = watchOver({ mb: 50 }, { mb: 101 });
  await advance(999);
  expect(readings).toHaveLength(2);
  await advance(1);
  await advance(1_000);
  expect(exceeded).toHaveLength(1);
});

test('a session that computes although nobody asks it to is told', async () => {
  const times = [700, 3_000, 5_700, 5_701].map(processorMs => ({ processorMs }));
  const { exceeded, advance } = watchOver(...times);
  for (let look = 0; look < 3; look++) await advance(1_000);
  expect(exceeded).toEqual([]);
  await advance(1_000);
  const detail = 'it computed for 5 s while nobody asked it to';
  expect(exceeded).toEqual([{ kind: 'processor', detail }]);
});

test('what a session computes for its callers counts for nothing', async () => {
  const times = [0, 60_000, 61_000, 65_000].map(processorMs => ({ processorMs }));
  const { watch, exceeded, advance } = watchOver(...times);
  await advance(1_000);
  watch.setBusy(true);
  await advance(10);
  watch.setBusy(false);
  await advance(1_000);
  await advance(1_000);
  expect(exceeded).toEqual([]);
});

test('a session that is called now and then computes for its callers', async () => {
  const times = [0, 4_000, 8_000, 12_000].map(processorMs => ({ processorMs }));
  const { exceeded, advance, call } = watchOver(...times);
  for (let look = 0; look < 4; look++) {
    call();
    await advance(1_000);
  }
  expect(exceeded).toEqual([]);
});

test('the watch ends with its session', async () => {
  const { watch, exceeded, advance, clock } = watchOver({ mb: 300 });
  watch.dispose();
  await advance(10_000);
  expect({ exceeded, pending: clock.pending }).toEqual({ exceeded: [], pending: 0 });
});
