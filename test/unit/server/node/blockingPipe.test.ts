import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BlockingDescriptor } from '../../../../server/node/blockingPipe.ts';
import { Project } from '../../../support/project.ts';

/** What is read from a channel on which these bytes have come before it was closed. */
function receive(...bytes: readonly number[]): Uint8Array {
  using project = new Project();
  const file = project.path('channel');
  fs.writeFileSync(file, Buffer.from(bytes));
  const descriptor = fs.openSync(file, 'r');
  try {
    return new BlockingDescriptor(descriptor, 8).receive();
  } finally {
    fs.closeSync(descriptor);
  }
}

describe('a channel that is waited on', () => {
  test('gives the body of the next frame', () => {
    expect([...receive(2, 0, 0, 0, 7, 8, 9)]).toEqual([7, 8]);
  });

  test.each([
    ['closed', [], 'session.closed'],
    ['closed within a length', [2, 0], 'session.closed'],
    ['closed within a frame', [2, 0, 0, 0, 7], 'session.closed'],
    ['on which too much is announced', [9, 0, 0, 0, 7], 'protocol.violation'],
  ])('and is %s fails whoever waits', (_what, bytes, code) => {
    expect(() => receive(...bytes)).toThrow(expect.objectContaining({ code }) as Error);
  });

  test('and is not there says so', () => {
    const missing = new BlockingDescriptor(9_999, 8);
    expect(() => missing.send(Buffer.of(0, 0, 0, 0))).toThrow(
      expect.objectContaining({ code: 'call.syncUnavailable' }) as Error,
    );
  });
});
