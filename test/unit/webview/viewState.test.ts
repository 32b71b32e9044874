import { expect, test } from 'vitest';
import { parseViewState } from '../../../webview/viewState.ts';

const initial = {
  collapsed: ['events'],
  latencyOrder: { column: 'p95Ms', descending: true },
};

test('what was saved comes back', () => {
  const saved = {
    collapsed: ['timeline'],
    latencyOrder: { column: 'tool', descending: false },
  };
  expect(parseViewState(saved)).toEqual(saved);
});

test.each([undefined, null, 'x', {}, { collapsed: 1, latencyOrder: { column: 'gone' } }])(
  'the panel begins afresh from %j',
  saved => {
    expect(parseViewState(saved)).toEqual(initial);
  },
);

test('sections that no longer exist are forgotten', () => {
  expect(parseViewState({ collapsed: ['gone', 'latencies'] }).collapsed).toEqual(['latencies']);
});
