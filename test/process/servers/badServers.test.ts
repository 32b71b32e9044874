import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ServerProgram } from '../../../extension/sessions/launchSpec.ts';
import {
  commandsHere,
  ServerClient,
  serverFixture,
  serverRequest,
} from '../../support/languageServers.ts';
import { machine } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { TestPool } from '../../support/sessions.ts';

const once = { replacesLost: false };
const mechanisms = machine.bubblewrap.works
  ? (['none', 'bubblewrap'] as const)
  : (['none'] as const);

function native(program: string): ServerProgram {
  return serverFixture('native', { runtime: 'other', program, args: [] });
}

describe.each(mechanisms)('a server that cannot run, confined by %s,', mechanism => {
  test.each([
    ['is missing', '/nowhere/server', /exit code 126; the program \/nowhere\/server.*ENOENT/u],
    ['is on no path', 'no-such-server', /exit code 126; the program no-such-server.*ENOENT/u],
    ['is a folder', '/usr/lib', /exit code 126; the program \/usr\/lib .*no file/u],
  ])('ends with the reason when its program %s', async (_what, program, detail) => {
    await using host = new TestPool(once);
    (await host.pool.acquireServer(serverRequest(native(program), { mechanism }))).release();
    const { reason } = await host.seen('closed');
    expect(reason).toEqual({ kind: 'exited', detail: expect.stringMatching(detail) as string });
    await expect.poll(commandsHere).toEqual([]);
  });

  test('ends with the reason when its program is none that the system can run', async () => {
    await using host = new TestPool(once);
    using project = new Project({
      text: 'no program',
      orphaned: '#!/nowhere/venv/bin/python\n',
      damaged: '\x7fELF, but not really',
    });
    for (const name of ['orphaned', 'damaged']) fs.chmodSync(project.path(name), 0o755);
    const details = ['text', 'orphaned', 'damaged'].map(async key => {
      const options = { mechanism, cwd: project.root, key };
      const lease = await host.pool.acquireServer(
        serverRequest(native(project.path(key)), options),
      );
      const closed = await host.seen('closed', event => event.session === lease.session.id);
      return closed.reason.detail;
    });
    expect(await Promise.all(details)).toEqual([
      expect.stringMatching(/exit code 126; the program .*text cannot be run: EACCES/u),
      expect.stringMatching(/program .*orphaned cannot be run: ENOENT.*'\/nowhere\/venv/u),
      expect.stringContaining('execve failed with error code ENOEXEC'),
    ]);
  });

  test('ends with the exit code and the line that tells why when it gives up at once', async () => {
    await using host = new TestPool(once);
    (
      await host.pool.acquireServer(serverRequest(serverFixture('exitsAtOnce'), { mechanism }))
    ).release();
    const detail = 'exit code 3; Error: no license for this machine';
    expect(await host.seen('closed')).toMatchObject({ reason: { kind: 'exited', detail } });
    expect(host.pool.sessions).toEqual([]);
  });
});

test.each([
  ['prints for people first', 'printsFirst', "it printed 'Starting the server ...' where"],
  ['counts characters as bytes', 'wrongLength', 'not JSON'],
  ['asks without end', 'floods', 'asks and asks without end'],
])(
  'a server that %s is ended with what it did, and nobody waits in vain',
  async (_what, name, words) => {
    await using host = new TestPool(once);
    const { session } = await host.pool.acquireServer(serverRequest(serverFixture(name)));
    session.listen(() => undefined);
    await session.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
    if (name === 'floods') await session.send({ jsonrpc: '2.0', id: 2, method: 'more' });
    expect(await host.seen('closed')).toMatchObject({
      reason: { kind: 'protocol', detail: expect.stringContaining(words) as string },
    });
    const { call } = await host.seen('called', event => event.call.outcome === 'lost');
    expect(call.error).toContain(words);
    await expect.poll(commandsHere).toEqual([]);
  },
);

test('what a server answers to nobody hurts nobody', async () => {
  await using host = new TestPool(once);
  using client = await ServerClient.open(host, 'answersNobody');
  await client.initialize();
  await client.notify('m');
  expect(await client.request('m')).toBe('yours');
});

test('a server that dies in the middle of a message ends with its exit code', async () => {
  await using host = new TestPool(once);
  using client = await ServerClient.open(host, 'writesHalf');
  await client.initialize();
  await expect(client.request('m')).rejects.toThrow('has ended');
  const { reason } = await host.seen('closed');
  expect(reason).toEqual({ kind: 'exited', detail: 'exit code 4' });
});

test('a server that ignores every request to end is killed in time, and nothing stays', async () => {
  const host = new TestPool({ endStepMs: 100 });
  using client = await ServerClient.open(host, 'ignoresShutdown');
  await client.initialize();
  await host.pool.shutDown();
  expect(commandsHere()).toEqual([]);
});

test('what is sent to a server that reads nothing fails when it is closed', async () => {
  await using host = new TestPool({ endStepMs: 100 });
  using client = await ServerClient.open(host, 'readsNothing');
  const sending = client.notify('textDocument/didOpen', { text: 'x'.repeat(1_000_000) });
  const refused = expect(sending).rejects.toThrow();
  await host.pool.close(client.session.id);
  await refused;
  expect(commandsHere()).toEqual([]);
});

test('a server that closes its output is ended, although it goes on', async () => {
  await using host = new TestPool({ ...once, endStepMs: 100 });
  using client = await ServerClient.open(host, 'closesOutput');
  await client.initialize();
  expect(await host.seen('closed')).toMatchObject({
    reason: { kind: 'protocol', detail: 'it closed its channel' },
  });
  await expect.poll(commandsHere).toEqual([]);
});

test('a server that is given up while it starts leaves nothing behind', async () => {
  const host = new TestPool();
  const starting = host.pool.acquireServer(serverRequest(serverFixture('echoes')));
  const refused = expect(starting).rejects.toMatchObject({ code: 'pool.closed' });
  await host.pool.shutDown();
  await refused;
  expect(commandsHere()).toEqual([]);
});
