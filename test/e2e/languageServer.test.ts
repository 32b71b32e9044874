import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from '../host/paths.ts';
import { launchWorkbench, type Workbench } from '../host/workbench.ts';
import type { Project } from '../support/project.ts';
import { PanelPage } from './pages/panelPage.ts';
import { WorkbenchPage } from './pages/workbenchPage.ts';
import { sampleProject } from './sampleProject.ts';

const server = 'yaml-language-server';

let project: Project;
let workbench: Workbench;
let editor: WorkbenchPage;

beforeAll(async () => {
  project = sampleProject({ 'shop.yaml': 'name: shop\nservices: [tea\n' });
  const installed = project.path(`node_modules/${server}`);
  fs.mkdirSync(path.dirname(installed), { recursive: true });
  fs.symlinkSync(path.join(repository, 'node_modules', server), installed);
  const settings = { 'greenroom.languageServers': [{ name: server }] };
  workbench = await launchWorkbench({ folder: project.root, settings });
  editor = new WorkbenchPage(workbench);
});

afterAll(async () => {
  await workbench?.close();
  project?.[Symbol.dispose]();
});

test('the packaged extension runs a language server, and shows what it does', async () => {
  await editor.openFile('shop.yaml');
  await editor.runCommand('Greenroom: Open Performance Panel');
  const panel = await PanelPage.find(workbench.page);
  await expect
    .poll(async () => (await panel.sessionRows()).map(({ Tool }) => Tool), { timeout: 60_000 })
    .toContainEqual(expect.stringContaining(`${server} 2.`) as string);
  await expect
    .poll(async () => (await panel.methodRows()).map(({ Method }) => Method), { timeout: 60_000 })
    .toContainEqual(expect.stringContaining('textDocument/publishDiagnostics') as string);
});
