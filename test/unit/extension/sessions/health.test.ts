import { describe, expect, test } from 'vitest';
import { healthOf, type OpenCall } from '../../../../extension/sessions/health.ts';
import { HealthWatch } from '../../../../extension/sessions/healthWatch.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

const limits = { slowMs: 5_000, silenceMs: 10_000 };
const call = (sentAtMs: number, startedAtMs?: number): OpenCall => ({
  name: 'x',
  sentAtMs,
  startedAtMs,
});

describe('a session', () => {
  test.each<[string, OpenCall[], number, number, string]>([
    ['without calls', [], 0, 1e9, 'idle'],
    ['whose call runs', [call(0, 1)], 0, 5_000, 'busy'],
    ['whose call has been running for long', [call(0, 1)], 0, 5_001, 'slow'],
    ['in which others wait behind one that runs', [call(0, 1), call(2)], 0, 1e9, 'slow'],
    ['in which nothing runs and a call waits', [call(0)], 0, 9_999, 'busy'],
    ['in which a call waits in vain', [call(0)], 0, 10_000, 'stuck'],
    ['that has said something meanwhile', [call(0)], 5_000, 14_999, 'busy'],
  ])('%s', (_, calls, heardAtMs, nowMs, health) => {
    expect(healthOf(calls, heardAtMs, nowMs, limits)).toBe(health);
  });
});

describe('the watch over a session', () => {
  function create() {
    const clock = new ManualClock();
    const said = { messages: 0, isStopped: false };
    const told: string[] = [];
    const watch = new HealthWatch(
      limits,
      clock,
      () => said.messages,
      async () => said.isStopped,
    );
    watch.onSlow(({ name }) => told.push(`slow ${name}`));
    watch.onStuck(() => told.push('stuck'));
    return { clock, said, told, watch };
  }

  test('tells once that a call is slow', () => {
    const { clock, told, watch } = create();
    watch.sent('lint').started();
    clock.advance(60_000);
    expect(told).toEqual(['slow lint']);
  });

  test('tells that a worker is stuck whose process was stopped in the middle of a call', async () => {
    const { clock, said, told, watch } = create();
    watch.sent('lint').started();
    said.isStopped = true;
    clock.advance(7_500);
    await new Promise(setImmediate);
    expect(told).toEqual(['slow lint', 'stuck']);
  });

  test('tells that a worker is stuck which does not even begin', () => {
    const { clock, told, watch } = create();
    watch.sent('lint');
    clock.advance(9_999);
    expect(told).toEqual([]);
    clock.advance(2_501);
    expect(told).toEqual(['stuck']);
  });

  test('is not misled by callers who give up before', () => {
    const { clock, told, watch } = create();
    for (let n = 0; n < 4; n++) {
      const { givenUp } = watch.sent('lint');
      clock.advance(4_000);
      givenUp();
    }
    expect(told).toEqual(['stuck']);
  });

  test('believes a worker that says anything at all', () => {
    const { clock, said, told, watch } = create();
    watch.sent('lint').givenUp();
    for (let n = 0; n < 10; n++) {
      said.messages++;
      clock.advance(5_000);
    }
    expect(told).toEqual([]);
  });

  test('does not wait for a call that was never sent', () => {
    const { clock, told, watch } = create();
    watch.sent('lint').ended();
    clock.advance(60_000);
    expect({ told, pending: clock.pending }).toEqual({ told: [], pending: 0 });
  });

  test('rests while there is nothing to watch', () => {
    const { clock, watch } = create();
    const { started, ended } = watch.sent('lint');
    started();
    ended();
    expect(clock.pending).toBe(0);
  });

  test('does not blame the worker when this process was held up itself', () => {
    const { clock, told, watch } = create();
    watch.sent('lint');
    clock.sleep(60_000);
    expect(told).toEqual([]);
    clock.advance(12_500);
    expect(told).toEqual(['stuck']);
  });
});
