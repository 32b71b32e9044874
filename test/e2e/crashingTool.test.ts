import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchWorkbench, type Workbench } from '../host/workbench.ts';
import type { Project } from '../support/project.ts';
import { WorkbenchPage } from './pages/workbenchPage.ts';
import { changedText, sampleProject } from './sampleProject.ts';

const plugin = 'crashing-plugin.mjs';

let project: Project;
let workbench: Workbench;
let editor: WorkbenchPage;

beforeAll(async () => {
  project = sampleProject({
    [plugin]: 'process.abort();',
    '.prettierrc.json': `{"plugins": ["./${plugin}"]}`,
  });
  const settings = {
    'editor.defaultFormatter': 'greenroom.greenroom',
    'greenroom.sessions.maxLosses': 2,
    'greenroom.sessions.restartDelay': 0.01,
    'greenroom.sessions.retryAfter': 3_600,
  };
  workbench = await launchWorkbench({ folder: project.root, settings });
  editor = new WorkbenchPage(workbench);
});

afterAll(async () => {
  await workbench?.close();
  project?.[Symbol.dispose]();
});

test('a tool that only crashes is told of once, with a button that tries it again', async () => {
  const file = project.path('src/cart.ts');
  const before = fs.readFileSync(file, 'utf8');
  await editor.openFile('cart.ts');
  const told = /Greenroom – sessions of .+ keep crashing: /u;
  await editor.waitForNotification(told);
  expect(await editor.countNotifications(told)).toBe(1);

  project.write(plugin, 'export const languages = [];');
  await editor.pressNotificationButton(told, 'Try Again');
  await editor.formatDocument();
  await editor.saveFile();
  expect(changedText(project, 'src/cart.ts', before)).toBeDefined();
});
