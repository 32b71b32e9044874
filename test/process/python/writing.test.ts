import fs from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import {
  describePython,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { Project } from '../../support/project.ts';
import { failureOf } from '../../support/remote.ts';

const source = `
import os, time

def say(callback, length):
    """Goes on when the thread that writes is about it."""
    callback.later('x' * length)
    while not callback._connection.outbox._writing.locked():
        time.sleep(0)

def leave(mark):
    with open(mark, 'w') as file:
        file.write('ran')
    os._exit(3)

def bring(length):
    return 'x' * length
`;

interface Writer {
  say(callback: (text: string) => unknown, length: number): void;
  leave(mark: string): void;
  bring(length: number): string;
}

const project = new Project({ 'writer.py': source });
afterAll(() => project[Symbol.dispose]());
const load = (session: PythonSession) => session.load<Writer>(project.path('writer.py'));
const kibibyte = 1024;

/** As a host that computes. */
function readNothing(forMs: number): void {
  const untilMs = performance.now() + forMs;
  while (performance.now() < untilMs);
}

interface Outbox {
  cannot_write(): [number, boolean];
  loses_a_frame(): [number, boolean];
  tells_before_it_goes_on(): number[];
  left_to_parent(): unknown[];
}

describePython('a Python worker', () => {
  const loadOutbox = (session: PythonSession) => session.load<Outbox>(supportProgram('outbox.py'));

  test.each(['cannot_write', 'loses_a_frame'] as const)(
    'that %s says so once, and goes on',
    async fault => {
      await using session = new PythonSession();
      expect(await loadOutbox(session)[fault]()).toEqual([1, false]);
    },
  );

  test('that cannot write lets nobody go on who waits until something has left', async () => {
    await using session = new PythonSession();
    expect(await loadOutbox(session).tells_before_it_goes_on()).toEqual([0]);
  });

  test('sends nothing in a process that a tool has forked, whatever was under way', async () => {
    await using session = new PythonSession();
    expect(await loadOutbox(session).left_to_parent()).toEqual([]);
  });
});

describePython('while another thread of a Python worker writes', () => {
  test('a call that can be given up begins only when word of that has left', async () => {
    await using session = new PythonSession();
    const writer = load(session);
    const mark = project.path('mark');
    const never = () => new Promise<void>(() => undefined); // nothing is to be written behind the call
    const said = writer.say(never, 32 * kibibyte ** 2).then(() => 'said');
    const call = failureOf(writer.leave.with({ deadlineMs: 60_000 })(mark));
    expect(await call).toMatchObject({ code: 'session.lost' }); // and not call.notStarted
    expect(fs.readFileSync(mark, 'utf8')).toBe('ran');
    expect(await said).toBe('said');
  });

  test('answers wait for a host that does not read', async () => {
    await using session = new PythonSession({ program: supportProgram('fewBytesUnsent.py') });
    const writer = load(session);
    const length = 512 * kibibyte;
    await writer.bring(1);
    const said = writer.say(() => undefined, length).then(() => 'said');
    const calls = Array.from({ length: 40 }, () => writer.bring(length).then(text => text.length));
    await new Promise(resolve => process.nextTick(resolve)); // they have left
    readNothing(500);
    expect(await said).toBe('said');
    expect(await Promise.all(calls)).toEqual(Array(40).fill(length));
  });
});
