import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Emitter } from '../../../../server/shared/base/event.ts';
import type { CallRecord, SessionEvent } from '../../../../server/shared/protocol/events.ts';
import { SnapshotFeed } from '../../../../extension/dashboard/snapshotFeed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aFeed() {
  const events = new Emitter<SessionEvent>();
  const draw = vi.fn(() => Promise.resolve());
  const feed = new SnapshotFeed(events.event, draw);
  const call = (isNotification: boolean) =>
    events.fire({ kind: 'called', session: 's', atMs: 0, call: { isNotification } as CallRecord });
  return { feed, draw, call };
}

test('a call is drawn soon, many at once are drawn once, and what is hidden is not drawn', async () => {
  const { feed, draw, call } = aFeed();
  call(false);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(draw).toHaveBeenCalledTimes(0);
  feed.setLive(true);
  await vi.advanceTimersByTimeAsync(50);
  expect(draw).toHaveBeenCalledTimes(1);
  for (let n = 0; n < 10; n++) call(false);
  await vi.advanceTimersByTimeAsync(150);
  expect(draw).toHaveBeenCalledTimes(2);
  feed.dispose();
});

test('messages that nobody answers wait for the next drawing', async () => {
  const { feed, draw, call } = aFeed();
  feed.setLive(true);
  await vi.advanceTimersByTimeAsync(50);
  for (let n = 0; n < 18; n++) {
    call(true);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(draw).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(300);
  expect(draw).toHaveBeenCalledTimes(2);
  feed.dispose();
});
