import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { HostModules, ModuleGuard } from '../../../../extension/sessions/hostModules.ts';
import { Project } from '../../../support/project.ts';

const importer = createRequire(import.meta.url)('../../../fixtures/modules/importer.cjs') as (
  url: string,
) => Promise<unknown>;

const inHost = expect.objectContaining({ code: 'session.moduleInHost' }) as Error;

test('a module that was required here cannot be one of a session', () => {
  using folder = new Project();
  const file = folder.path('required.cjs');
  fs.writeFileSync(file, 'module.exports = 1;');
  const modules = new HostModules();
  modules.assertAbsent(file);
  createRequire(file)(file);
  expect(() => modules.assertAbsent(file)).toThrow(inHost);
  modules.dispose();
});

test('a leak is seen after the module was loaded, and not looked for before', async () => {
  using folder = new Project();
  const file = folder.path('imported.mjs');
  fs.writeFileSync(file, 'export default 1;');
  const modules = new HostModules();
  const guard = new ModuleGuard(modules);
  guard.add(file);
  expect(guard.leak()).toBeUndefined();
  const { epoch } = modules;
  expect(guard.leak()).toBeUndefined();
  expect(modules.epoch).toBe(epoch);
  await importer(pathToFileURL(file).href);
  expect(guard.leak()).toMatchObject({ code: 'session.moduleInHost' });
  modules.dispose();
});
