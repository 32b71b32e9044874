import { expect, test } from 'vitest';
import { parseViewState } from '../../../webview/viewState.ts';

const initial = {
  collapsed: ['events'],
  latencyOrder: { column: 'tool', descending: false },
  filter: '',
  expanded: [],
};

test('what was saved comes back', () => {
  const saved = {
    collapsed: ['timeline'],
    latencyOrder: { column: 'p95', descending: true },
    filter: 'hover',
    expanded: ['recentCalls'],
  };
  expect(parseViewState(saved)).toEqual(saved);
});

test.each([
  undefined,
  null,
  'x',
  {},
  { collapsed: 1, latencyOrder: { column: 'gone' }, filter: 1, expanded: 'x' },
])('the panel begins afresh from %j', saved => {
  expect(parseViewState(saved)).toEqual(initial);
});

test('an order by a column that is called otherwise now is forgotten, not the rest', () => {
  const saved = { collapsed: [], latencyOrder: { column: 'p95Ms', descending: true } };
  expect(parseViewState(saved)).toEqual({ ...initial, collapsed: [] });
});

test('sections that no longer exist are forgotten', () => {
  expect(parseViewState({ collapsed: ['gone', 'latencies'] }).collapsed).toEqual(['latencies']);
});
