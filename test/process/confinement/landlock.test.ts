import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Landlocked, landlockTrouble, nobodyTrouble } from '../../support/landlocked.ts';
import { isAlive } from '../../support/sessions.ts';
import { stateOf } from '../../escape/stateOf.ts';

const node = process.execPath;
const python = '/usr/bin/python3';
const trouble = landlockTrouble();
const asNobodyTrouble = nobodyTrouble(node);

function script(text: string) {
  return { program: node, args: ['-e', text] };
}

/** By the version of Landlock; the first came with Linux 5.13, others as said. */
const kernels = [
  ['this kernel', undefined],
  ['Linux 5.13', 1],
  ['Linux 5.19', 2],
  ['Linux 6.2', 3],
  ['Linux 6.7', 4],
  ['Linux 6.10', 5],
] as const;

const users = [
  ['the user of the tests', false, undefined],
  ['a normal user', true, asNobodyTrouble],
] as const;

describe.skipIf(trouble !== undefined)(`Landlock${trouble ? ` (skipped: ${trouble})` : ''}`, () => {
  describe.each(users)('for %s', (_, asNobody, userTrouble) => {
    test.skipIf(userTrouble !== undefined).each(kernels)(
      'Node reads its workspace and writes its scratch, and nothing else, on %s',
      async (_, landlockVersion) => {
        const terms = { landlockVersion, asNobody };
        using place = new Landlocked(terms);
        const before = stateOf(place.workspace);
        const outcomes = await place.report(place.fixture(node, 'tries.mjs'), terms);
        expect(stateOf(place.workspace)).toEqual(before);
        expect(outcomes).toEqual({
          readWorkspace: 'seen',
          writeScratch: 'done',
          readOwnMemory: 'done',
          startThread: 'done',
          readOutside: 'EACCES',
          readByLink: 'EACCES',
          writeWorkspace: 'EACCES',
          createInWorkspace: 'EACCES',
          removeFromWorkspace: 'EACCES',
          linkOutside: expect.toBeOneOf(['EXDEV', 'EPERM']) as unknown, // the system may refuse first
          truncateUnseen: 'EPERM',
          readParentEnvironment: 'EACCES',
          signalParent: 'EPERM',
          signalGroup: expect.toBeOneOf(['EPERM', 'done']) as unknown, // if so, of itself alone
          spawn: 'EPERM',
          connect: 'EPERM',
          datagram: 'EPERM',
          listenOnPath: 'EPERM',
          changeMode: 'done',
          changeTimes: 'done',
        });
      },
    );

    test.skipIf(userTrouble !== undefined || !fs.existsSync(python)).each(kernels)(
      'Python has the same bounds, on %s',
      async (_, landlockVersion) => {
        const terms = { landlockVersion, asNobody };
        using place = new Landlocked(terms);
        expect(await place.report(place.fixture(python, 'tries.py'), terms)).toEqual({
          readWorkspace: 'seen',
          writeScratch: 'done',
          startThread: 'done',
          readOutside: 'EACCES',
          writeWorkspace: 'EACCES',
          truncate: expect.toBeOneOf(['EACCES', 'EPERM']) as unknown,
          readParentEnvironment: 'EACCES',
          signalParent: 'EPERM',
          slowParent: 'EPERM',
          boundParent: 'EPERM',
          fork: 'EPERM',
          spawn: 'EPERM',
          connect: 'EPERM',
          leaveGroup: 'EPERM',
          bounds: [8 * 2 ** 30, 2 ** 20, 0],
          niceness: 3,
        });
      },
    );
  });

  test.each(kernels)('a program can end itself by a signal, on %s', async (_, landlockVersion) => {
    using place = new Landlocked();
    const end = (text: string) => place.run(script(text), { landlockVersion });
    expect(
      (await end('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 9)')).signal,
    ).toBe('SIGTERM');
    expect((await end('process.abort()')).signal).toBe('SIGABRT');
  });

  test('children are confined as their parent is, and it can end them', async () => {
    using place = new Landlocked();
    const text = `
      const { spawn, spawnSync } = require('node:child_process');
      const read = 'try { require("fs").readFileSync(process.argv[1]) } catch (e) { console.log(e.code) }';
      const outcome = spawnSync(process.execPath, ['-e', read, ${JSON.stringify(place.secret)}]);
      const child = spawn('/bin/sleep', ['60']).on('exit', (code, signal) =>
        console.log(JSON.stringify({ read: String(outcome.stdout).trim(), signal })));
      child.on('spawn', () => child.kill());`;
    const report = await place.report(script(text), { needsChildren: true });
    expect(report).toEqual({ read: 'EACCES', signal: 'SIGTERM' });
  });

  test('where the kernel does not keep signals inside, a program cannot signal its children', async () => {
    using place = new Landlocked();
    const text = `
      const child = require('node:child_process').spawn('/bin/true');
      child.on('spawn', () => {
        try { process.kill(child.pid, 'SIGTERM') } catch (error) { console.log(JSON.stringify({ kill: error.code })) }
      });`;
    const terms = { needsChildren: true, landlockVersion: 5 };
    expect(await place.report(script(text), terms)).toEqual({ kill: 'EPERM' });
  });

  test.skipIf(asNobodyTrouble !== undefined || !fs.existsSync(python))(
    'processes are limited beside those that the user runs',
    async () => {
      using place = new Landlocked();
      const text = [
        'import os',
        'gate, key = os.pipe()',
        'count = 0',
        'try:',
        '    while count < 100:',
        '        if os.fork() == 0:',
        '            os.close(key); os.read(gate, 1); os._exit(0)',
        '        count += 1',
        'except BlockingIOError: pass',
        'print(\'{"count": %d}\' % count)',
      ].join('\n');
      const terms = { needsChildren: true, asNobody: true, limits: { processes: 12 } };
      const report = await place.report({ program: python, args: ['-c', text] }, terms);
      expect(report['count']).toBeLessThanOrEqual(12);
      expect(report['count']).toBeGreaterThan(0);
    },
  );

  test('no privilege is left, also for root', async () => {
    using place = new Landlocked();
    const status = 'require("fs").readFileSync("/proc/self/status", "utf8")';
    const text = `console.log(JSON.stringify(Object.fromEntries(${status}.split("\\n").map(l => l.split(":\\t")))))`;
    const report = await place.report(script(text));
    expect(report).toMatchObject({
      CapEff: '0000000000000000',
      CapPrm: '0000000000000000',
      NoNewPrivs: '1',
      Seccomp: '2',
    });
  });

  test('of inherited descriptors, the channels stay and files are closed', async () => {
    using place = new Landlocked();
    const file = fs.openSync(place.secret, 'r');
    try {
      const text = `
        const fs = require('node:fs');
        const names = {};
        for (const fd of fs.readdirSync('/proc/self/fd'))
          try { names[fd] = fs.readlinkSync('/proc/self/fd/' + fd) } catch { /* the listing's own */ }
        console.log(JSON.stringify(names));`;
      const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', file, file, file] as const;
      const names = await place.report(script(text), { options: { stdio: [...stdio] } });
      expect(Object.values(names)).not.toContain(place.secret);
      expect(names['3']).toMatch(/^socket:/u);
      expect(names['4']).toMatch(/^socket:/u);
      expect(names['5']).toMatch(/^\/proc\/\d+$/u);
    } finally {
      fs.closeSync(file);
    }
  });

  test('the environment is what was given', async () => {
    using place = new Landlocked();
    const env = { PERL_BADLANG: '0', LC_ALL: 'no_WHERE', A: 'ä b' };
    const terms = { options: { env } };
    const outcome = await place.run(script('console.log(JSON.stringify(process.env))'), terms);
    expect(JSON.parse(outcome.stdout)).toEqual({ LC_ALL: 'no_WHERE', A: 'ä b' });
    expect(outcome.stderr).toBe('');
  });

  test('a program ends with its host, whatever it does', async () => {
    using place = new Landlocked();
    const looping = place.command(script('for (;;);'));
    const host = `
      const { spawn } = require('node:child_process');
      const [program, ...args] = ${JSON.stringify(looping)};
      args[args.indexOf('--parent') + 1] = String(process.pid);
      console.log(spawn(program, args, { stdio: 'ignore', detached: true }).pid);`;
    const child = spawn(node, ['-e', host], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    await expect.poll(() => fs.readlinkSync(`/proc/${pid}/exe`)).toBe(fs.realpathSync(node));
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('nothing runs for a host that has ended before', async () => {
    using place = new Landlocked();
    const [program, ...args] = place.command(script('console.log("ran")'));
    args[args.indexOf('--parent') + 1] = '1';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, output]).toEqual([125, []]);
  });

  test('a program that is not there is named', async () => {
    using place = new Landlocked();
    const program = path.join(place.workspace, 'not there');
    const outcome = await place.run({ program, args: [] });
    expect(outcome).toMatchObject({
      code: 127,
      stderr: `landlock: cannot run ${program}: No such file or directory\n`,
    });
  });

  test('what the kernel does not have is a status of its own, and one line', async () => {
    using place = new Landlocked();
    const outcome = await place.run(script('console.log("ran")'), { landlockVersion: 0 });
    expect(outcome).toMatchObject({ code: 126, stdout: '' });
    expect(outcome.stderr).toMatch(/^landlock: not available: .+\n$/u);
  });
});
