import { describe, expect, test } from 'vitest';
import { BusyPoll } from '../../../../server/node/busyPoll.ts';

const quickMs = 0.05;
const slowMs = 5;

/** A side of a connection whose time passes only as the test says; a turn takes a hundredth of a millisecond. */
function createSide({ isParallel = true } = {}) {
  let nowMs = 1_000;
  let waiting: (() => void)[] = [];
  const poll = new BusyPoll({
    now: () => nowMs,
    nextTurn: task => void waiting.push(task),
    isParallel,
  });
  /** Lets time pass; answers for how many milliseconds of it this side was awake. */
  const pass = (spanMs: number): number => {
    const endsMs = nowMs + spanMs;
    let awakeMs = 0;
    while (waiting.length > 0 && nowMs < endsMs) {
      const tasks = waiting;
      waiting = [];
      for (const task of tasks) task();
      nowMs += 0.01;
      if (waiting.length > 0) awakeMs += 0.01;
    }
    nowMs = Math.max(nowMs, endsMs);
    return awakeMs;
  };
  /** Sends something and receives the answer; answers how long it was awake until then, and after. */
  const ask = (answerMs: number): { before: number; after: number } => {
    poll.sent();
    const before = pass(answerMs);
    poll.received();
    return { before, after: pass(1) };
  };
  const askOften = (times: number, answerMs: number) => {
    for (let time = 0; time < times; time++) ask(answerMs);
  };
  return { poll, ask, askOften, looks: () => waiting.length };
}

describe('busy polling', () => {
  test('sleeps while it does not know how long answers take', () => {
    const { ask } = createSide();
    expect(ask(quickMs).before).toBe(0);
  });

  test('stays awake until the answer, after quick ones, and no longer', () => {
    const { ask, askOften } = createSide();
    askOften(2, quickMs);
    const { before, after } = ask(quickMs);
    expect(before).toBeCloseTo(quickMs);
    expect(after).toBe(0);
  });

  test('is awake for a moment only when the answer does not come', () => {
    const { ask, askOften } = createSide();
    askOften(2, quickMs);
    expect(ask(slowMs).before).toBeCloseTo(0.1, 1);
    expect(ask(slowMs).before).toBe(0);
  });

  test('looks once a turn, however much is sent', () => {
    const { poll, askOften, looks } = createSide();
    askOften(2, quickMs);
    poll.sent();
    poll.sent();
    expect(looks()).toBe(1);
  });

  test('sleeps where answers are slow', () => {
    const { ask, askOften } = createSide();
    askOften(50, slowMs);
    expect(ask(slowMs).before).toBe(0);
  });

  test('hardly ever waits in vain where slow answers come between quick ones', () => {
    const { ask, askOften } = createSide();
    let awakeMs = 0;
    for (let time = 0; time < 100; time++) {
      askOften(3, quickMs);
      awakeMs += ask(slowMs).before;
    }
    expect(awakeMs).toBeLessThan(0.15);
  });

  test('stays awake where a slow answer is the exception, and again where it was the rule', () => {
    const { ask, askOften } = createSide();
    askOften(50, quickMs);
    askOften(1, slowMs);
    expect(ask(quickMs).before).toBeCloseTo(quickMs);
    askOften(50, slowMs);
    askOften(100, quickMs);
    expect(ask(quickMs).before).toBeCloseTo(quickMs);
  });

  test('stays awake for longer where the other side has large bytes to copy, and only then', () => {
    const { poll, ask, askOften } = createSide();
    const askWithBytes = (answerMs: number) => {
      poll.copied();
      return ask(answerMs);
    };
    expect(askWithBytes(0.5).before).toBe(0);
    expect(askWithBytes(0.5).before).toBe(0);
    expect(askWithBytes(0.3).before).toBeCloseTo(0.3, 1);
    expect(askWithBytes(slowMs).before).toBeCloseTo(0.35, 1);
    askOften(20, quickMs);
    expect(ask(slowMs).before).toBeCloseTo(0.1, 1);
  });

  test.each([
    ['is sent before they are answered', ['copied', 'sent']],
    ['is still unanswered', ['sent', 'copied']],
  ] as const)('stays awake for them also when something else %s', (_what, order) => {
    const { poll, ask, askOften } = createSide();
    askOften(2, quickMs);
    for (const step of order) poll[step]();
    expect(ask(slowMs).before).toBeCloseTo(0.35, 1);
  });

  test.each([
    ['0.4 ms are slow', 0.4, false],
    ['0.7 ms are slow for large bytes too', 0.7, true],
  ])('stays asleep where being awake would not have sufficed: %s', (_what, answerMs, areLarge) => {
    const { poll, ask } = createSide();
    for (let time = 0; time < 20; time++) {
      if (areLarge) poll.copied();
      ask(answerMs);
    }
    expect(ask(quickMs).before).toBe(0);
  });

  test('never stays awake on one processor, which the other side needs for its answer', () => {
    const { ask, askOften } = createSide({ isParallel: false });
    askOften(10, quickMs);
    expect(ask(quickMs).before).toBe(0);
  });
});
