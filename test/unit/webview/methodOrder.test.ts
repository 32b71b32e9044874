import { describe, expect, test } from 'vitest';
import type { MethodStatistics } from '../../../server/shared/protocol/snapshot.ts';
import { groupMethods, orderMethods } from '../../../webview/methodOrder.ts';
import type { LatencyColumn } from '../../../webview/viewState.ts';

const format = aMethod('prettier', 'format', 30);
const warm = aMethod('prettier', 'warm', 300);
const hover = aMethod('yaml', 'hover', 100);
const changed = aMethod('yaml', 'didChange', undefined, 500);
const opened = aMethod('yaml', 'didOpen', undefined, 1);
const methods = [opened, format, changed, hover, warm];

const namesBy = (column: LatencyColumn, descending: boolean) =>
  orderMethods(methods, { column, descending }).map(({ method }) => method);

describe('methods are ordered', () => {
  test('by tool, the slowest first, then what nobody answers', () => {
    expect(namesBy('tool', false)).toEqual(['warm', 'format', 'hover', 'didChange', 'didOpen']);
    expect(namesBy('tool', true)).toEqual(['hover', 'didChange', 'didOpen', 'warm', 'format']);
  });

  test('by a latency, those without one last, whichever way', () => {
    expect(namesBy('p50', true)).toEqual(['warm', 'hover', 'format', 'didChange', 'didOpen']);
    expect(namesBy('p50', false)).toEqual(['format', 'hover', 'warm', 'didChange', 'didOpen']);
  });

  test('by a count, and where it is equal by tool', () => {
    expect(namesBy('count', true)).toEqual(['didChange', 'warm', 'format', 'hover', 'didOpen']);
  });
});

test('they stand in groups only while they are ordered by tool', () => {
  const byTool = { column: 'tool', descending: false } as const;
  expect(groupMethods(orderMethods(methods, byTool), byTool).map(group => group.length)).toEqual([
    2, 3,
  ]);
  expect(groupMethods(methods, { column: 'p95', descending: true })).toEqual([methods]);
});

function aMethod(tool: string, method: string, ms?: number, count = 1): MethodStatistics {
  return {
    tool,
    method,
    count,
    failures: 0,
    cancelled: 0,
    sentBytes: 0,
    receivedBytes: 0,
    ...(ms !== undefined && { latency: { p50: ms, p95: ms, p99: ms, max: ms } }),
  };
}
