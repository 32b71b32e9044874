import fs from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Mechanism } from '../../../server/shared/protocol/confinement.ts';
import type { LaunchSpec } from '../../../extension/sessions/launchSpec.ts';
import { compileAddon } from '../../escape/addon.ts';
import { systemPython } from '../../host/pythonTools.ts';
import { ServerClient } from '../../support/languageServers.ts';
import { addonSource, leakDescriptors } from '../../support/leakedDescriptors.ts';
import { machine } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { builtPythonMain, sessionRequest, TestPool } from '../../support/sessions.ts';

const build = new Project();
const addon = build.path('addon.node');
const trouble =
  process.platform === 'linux' ? compileAddon(addonSource, addon) : 'it is of Linux only';
afterAll(() => build[Symbol.dispose]());

let disk: Project;
beforeEach(() => {
  disk = new Project({ 'workspace/a.js': '1', 'secret.txt': 'secret' });
  return () => disk[Symbol.dispose]();
});

const runtimes: Readonly<Record<string, Partial<LaunchSpec>>> = {
  Node: { executable: process.execPath },
  ...(fs.existsSync(systemPython) && {
    Python: { runtime: 'python', executable: systemPython, workerPath: builtPythonMain },
  }),
};

const confinement = (mechanism: Mechanism): LaunchSpec['confinement'] => ({
  demands: [],
  workspace: disk.path('workspace'),
  readable: [fs.realpathSync(process.execPath)],
  needsChildren: false,
  needsScratch: true,
  mechanism,
});

/** As it is seen from outside; Landlock's launcher leaves the process its own entry. */
function placesOpenIn(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return fs
    .readdirSync(folder)
    .map(name => fs.readlinkSync(`${folder}/${name}`))
    .filter(place => place.startsWith('/') && !['/dev/null', `/proc/${pid}`].includes(place));
}

const mechanisms = [
  ...(['bubblewrap', 'landlock'] as const).filter(mechanism => machine[mechanism].works),
  'permissionModel',
  'none',
] as const;

describe.skipIf(trouble !== undefined).each(mechanisms)(
  `what the host has open and whatever it starts inherits, with %s${trouble ? ` (${trouble})` : ''}`,
  mechanism => {
    let leaks: Disposable;
    beforeEach(async () => {
      leaks = await leakDescriptors(addon, '/', disk.path('secret.txt'), '/dev/zero');
      return () => leaks[Symbol.dispose]();
    });

    // The model is Node's own.
    const here = Object.keys(runtimes).slice(0, mechanism === 'permissionModel' ? 1 : undefined);

    test.each(here)('does not reach a session in %s', async runtime => {
      await using host = new TestPool();
      const launch = { ...runtimes[runtime], confinement: confinement(mechanism)! };
      await host.pool.prewarm(sessionRequest({ cwd: disk.path('workspace'), ...launch }));
      expect(placesOpenIn(host.pids[0]!)).toEqual([]);
    });

    test.skipIf(mechanism === 'permissionModel')('does not reach a language server', async () => {
      await using host = new TestPool();
      using client = await ServerClient.open(host, 'echoes', { mechanism });
      await client.initialize();
      expect(placesOpenIn(host.pids[0]!)).toEqual([]);
    });
  },
);

/** Of these, the shell leaves one open that then becomes the program. */
const opened = {
  'a folder open': ['exec 40</usr', ['read']],
  'a file open that it can read anyway': ['exec 40<"$0"', []],
  'a file open that it cannot': ['printf -v text %0100000d 1; exec 40<<<"$text"', ['read']], // has no name
} as const;

describe.skipIf(!machine.bubblewrap.works).each(Object.keys(runtimes))(
  'a session in %s',
  runtime => {
    test.each(Object.entries(opened))(
      'that finds %s is measured so',
      async (_, [opening, able]) => {
        const { executable } = runtimes[runtime]!;
        const wrapper = disk.write(
          'workspace/wrapper',
          `#!/bin/bash\n${opening}; exec ${executable} "$@"\n`,
        );
        fs.chmodSync(wrapper, 0o755);
        await using host = new TestPool();
        const launch = { ...runtimes[runtime], executable: wrapper };
        const cwd = disk.path('workspace');
        await host.pool.prewarm(
          sessionRequest({ cwd, ...launch, confinement: confinement('bubblewrap')! }),
        );
        expect((await host.seen('ready')).confinement.succeeded).toEqual(able);
      },
    );
  },
);
