import { expect, test } from 'vitest';
import { GreenroomError } from '../../../../server/shared/errors.ts';
import { UnseenFailures } from '../../../../server/worker/unseenFailures.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';

function written() {
  const clock = new ManualClock();
  const lines: string[] = [];
  return { clock, lines, failures: new UnseenFailures(clock, line => lines.push(line)) };
}

test('a failure that nobody has asked for is a line that names the call and the reason', () => {
  const { lines, failures } = written();
  failures.tell({ name: 'the function', error: new Error('not today') });
  expect(lines).toEqual([
    "Warning: 'the function' failed, and nobody has asked for its result: not today\n",
  ]);
});

test('of a flood of them a hundred a minute are written, and that there are more', () => {
  const { clock, lines, failures } = written();
  const flood = () => {
    for (let n = 0; n < 1_000; n++) failures.tell({ name: 'f', error: new Error(`${n}`) });
  };
  flood();
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toContain('more calls fail');
  clock.advance(59_999);
  flood();
  expect(lines).toHaveLength(101);
  clock.advance(1);
  flood();
  expect(lines).toHaveLength(202);
});

const closed = new GreenroomError('session.closed', 'closed');
const cutOff = new GreenroomError('call.notStarted', 'cut off', { cause: closed });
const refused = new GreenroomError('call.notStarted', 'refused');

test.each([
  ['and may have begun', closed, 0],
  ['before it has begun', cutOff, 0],
  ['but one that was refused has', refused, 1],
])('a call that is cut off by the end of its session has not failed: %s', (_what, error, told) => {
  const { lines, failures } = written();
  failures.tell({ name: 'f', error });
  expect(lines).toHaveLength(told);
});
