import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { allowedEnvironment } from '../../../extension/confinement/environment.ts';
import type { LaunchSpec } from '../../../extension/sessions/launchSpec.ts';
import {
  forbidden,
  probeVariable,
  type Confinement,
  type Forbidden,
} from '../../../server/shared/protocol/confinement.ts';
import { systemPython } from '../../host/pythonTools.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { builtPythonMain, sessionRequest, TestPool } from '../../support/sessions.ts';

type Runtime = 'node' | 'python';
type Start = Partial<LaunchSpec>;

/** What the session of a worker as it ships has measured; it has left nothing, and nobody heard of it. */
async function measuredBy(
  runtime: Runtime,
  start: (workspace: string, secret: string) => Start,
): Promise<Confinement> {
  using disk = new Project({ 'workspace/a.js': '1', 'secret.txt': 'secret' });
  const workspace = disk.path('workspace');
  await using host = new TestPool();
  using watch = new Watch(workspace);
  await host.pool.prewarm(
    sessionRequest({
      key: workspace,
      cwd: workspace,
      ...(runtime === 'python' && {
        runtime,
        executable: systemPython,
        workerPath: builtPythonMain,
      }),
      ...start(workspace, disk.path('secret.txt')),
    }),
  );
  const { confinement } = await host.seen('ready');
  expect(fs.readdirSync(workspace)).toEqual(['a.js']);
  expect(await watch.heard()).toEqual([]);
  return confinement;
}

/** Whoever watches a folder, as editors and build tools do. */
class Watch implements Disposable {
  private readonly names: (string | null)[] = [];
  private readonly watcher: fs.FSWatcher;

  constructor(private readonly folder: string) {
    this.watcher = fs.watch(folder, (_, name) => this.names.push(name));
  }

  /** Of what, until now: a file of the test's own is the last. */
  async heard(): Promise<readonly (string | null)[]> {
    const last = 'last';
    fs.writeFileSync(path.join(this.folder, last), '');
    while (!this.names.includes(last)) await once(this.watcher, 'change');
    return this.names.slice(0, this.names.indexOf(last));
  }

  [Symbol.dispose](): void {
    this.watcher.close();
  }
}

const confined = (mechanism: Confinement['mechanism'], needsChildren: boolean) => {
  const needs = { demands: [], readable: [], needsChildren, needsScratch: false, mechanism };
  return (workspace: string): Start => ({ confinement: { ...needs, workspace } });
};

/** Asked by its own environment, as nobody else asks who is not to be confined. */
const unconfined = (workspace: string, read: string): Start => ({
  environment: {
    ...allowedEnvironment(process.env),
    [probeVariable]: JSON.stringify({ read, write: workspace }),
  },
});

const isLinux = process.platform === 'linux';

describe.each(['node', 'python'] as const)('the probe of a worker in %s', runtime => {
  const isThere = runtime === 'node' || fs.existsSync(systemPython);

  describe.skipIf(!isThere || !isLinux)(isThere ? 'here' : `no ${systemPython}`, () => {
    test.each([
      ['could do everything', ''],
      ['could not read', '-gone'],
    ])('is not believed where nothing confines it, also when it %s', async (_, ending) => {
      const { mechanism, succeeded } = await measuredBy(runtime, (workspace, secret) =>
        unconfined(workspace, `${secret}${ending}`),
      );
      expect({ mechanism, succeeded }).toEqual({ mechanism: 'none', succeeded: [...forbidden] });
    });

    test('is not asked for in a session that is not to be confined', async () => {
      const { mechanism, succeeded } = await measuredBy(runtime, confined('none', false));
      expect({ mechanism, succeeded }).toEqual({ mechanism: 'none', succeeded: [...forbidden] });
    });

    // Before Node 25 it leaves the network open.
    test.skipIf(runtime === 'python')("finds what Node's own model lets through", async () => {
      const able = Number(process.versions.node.split('.')[0]) < 25 ? ['connect'] : [];
      const confinement = await measuredBy(runtime, confined('permissionModel', false));
      expect(confinement).toMatchObject({ mechanism: 'permissionModel', succeeded: able });
    });

    describeMechanisms('confined', mechanism => {
      test.each<[boolean, readonly Forbidden[]]>([
        [false, []],
        [true, ['spawn']],
      ])('with programs granted: %s, it can do exactly %j', async (needsChildren, able) => {
        const confinement = await measuredBy(runtime, confined(mechanism, needsChildren));
        expect(confinement).toMatchObject({ mechanism, succeeded: able, granted: able });
      });
    });
  });
});
