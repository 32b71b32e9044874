import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { PrettierSession } from '../support/prettierSessions.ts';
import { Project } from '../support/project.ts';
import { Modules, workshopFile, type Workshop } from '../support/modules.ts';
import { repository, TestPool } from '../support/sessions.ts';

/** A Node beside the one that runs the tests: the oldest that sessions run on is 20. */
const node = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .filter(folder => !folder.startsWith(repository))
  .map(folder => path.join(folder, 'node'))
  .find(file => fs.existsSync(file));
const version = node && execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
const isOther = version !== undefined && version !== process.versions.node;

test.skipIf(!isOther)(`Node ${version} runs confined sessions as well`, async () => {
  await using modules = new Modules({ nodePath: node! });
  using session = await modules.open({ confinement: {} });
  expect(session.confinement.succeeded).toEqual([]);
  const workshop = session.load<Workshop>(workshopFile);
  expect(await workshop.callBackSync((n: number) => n * 2, 3)).toEqual([0, 2, 4]);
  const bytes = new Uint8Array(1_048_576).fill(7);
  expect(await workshop.checksum(bytes)).toBe((1_048_576 * 7) % 65_521);
});

test.skipIf(!isOther)(`Node ${version} runs Prettier`, async () => {
  await using host = new TestPool();
  using project = new Project({ 'a.ts': 'const   a = 1' });
  const session = new PrettierSession(host, project, 3, { executable: node! });
  expect(await session.format('a.ts')).toBe('const a = 1;\n');
  expect(host.events).toContainEqual(
    expect.objectContaining({ kind: 'ready', runtime: `node ${version}` }),
  );
});
