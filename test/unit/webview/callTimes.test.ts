import { expect, test } from 'vitest';
import type { CallRecord } from '../../../server/shared/protocol/events.ts';
import { callKeys, latencySeries, mostSeries, totalMs } from '../../../webview/callTimes.ts';

test('the parts of a call add up to its total', () => {
  expect(totalMs(aCall({ queueMs: 1, transportMs: 2, runMs: 3, replyMs: 4 }))).toBe(10);
});

test('each method is a series of its own, in the order of asking', () => {
  const lint = aCall({ tool: 'eslint', method: 'lint', askedAtMs: 20, runMs: 5 });
  const format = aCall({ tool: 'prettier', method: 'format', askedAtMs: 10, runMs: 3 });
  expect(latencySeries([lint, format])).toEqual({
    calls: [format, lint],
    names: ['eslint.lint', 'prettier.format'],
    totals: [
      [null, 5],
      [3, null],
    ],
  });
});

test('of many methods, each tool is a series', () => {
  const lint = aCall({ tool: 'eslint', method: 'lint' });
  const others = Array.from({ length: mostSeries }, (_, n) =>
    aCall({ tool: 'server', method: `method${n}`, askedAtMs: n }),
  );
  expect(latencySeries([lint, ...others]).names).toEqual(['eslint', 'server']);
  expect(latencySeries([lint, ...others.slice(1)]).names).toHaveLength(mostSeries);
});

test('calls that look the same still have keys of their own', () => {
  const keys = callKeys([aCall({}), aCall({}), aCall({ askedAtMs: 1 })]);
  expect(new Set(keys).size).toBe(3);
});

function aCall(facts: Partial<CallRecord>): CallRecord {
  return {
    session: 's',
    tool: 'prettier',
    method: 'format',
    askedAtMs: 0,
    queueMs: 0,
    transportMs: 0,
    runMs: 0,
    replyMs: 0,
    requestBytes: 0,
    replyBytes: 0,
    outcome: 'ok',
    ...facts,
  };
}
