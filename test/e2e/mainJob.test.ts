import fs from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchWorkbench, type Workbench } from '../host/workbench.ts';
import { machine } from '../support/mechanisms.ts';
import { formatByCommandLine, type Project } from '../support/project.ts';
import { PanelPage } from './pages/panelPage.ts';
import { WorkbenchPage } from './pages/workbenchPage.ts';
import { sampleProject } from './sampleProject.ts';

const pictures = path.resolve(import.meta.dirname, '../../.cache/e2e');

/** By what, depends on the machine. */
const asMeasured = machine.bubblewrap.works
  ? /^Confined.*bubblewrap/su
  : /^(?:Confined|Partly confined)/u;

let project: Project;
let workbench: Workbench;
let editor: WorkbenchPage;

beforeAll(async () => {
  fs.mkdirSync(pictures, { recursive: true });
  project = sampleProject({ '.vscode/settings.json': '{"greenroom.sessions.prewarm":false}' });
  const settings = { 'editor.defaultFormatter': 'greenroom.greenroom' };
  workbench = await launchWorkbench({ folder: project.root, settings });
  editor = new WorkbenchPage(workbench);
});

afterAll(async () => {
  await workbench?.close();
  project?.[Symbol.dispose]();
});

const openPanel = async () => {
  await editor.runCommand('Greenroom: Open Performance Panel');
  return PanelPage.find(workbench.page);
};

test('the panel says what to do while there is nothing to show', async () => {
  const panel = await openPanel();
  await panel.frame.getByText('No sessions yet').first().waitFor();
  expect(await panel.sessionRows()).toEqual([]);
});

test('a session is prewarmed from the panel itself', async () => {
  const panel = await openPanel();
  await panel.button('Prewarm Sessions').first().click();
  const [row] = await panel.until(
    () => panel.sessionRows(),
    rows => rows.some(({ State, Tool, Leases }) => State === 'Ready' && Tool && Leases === '0'),
  );
  expect(row).toMatchObject({
    Session: expect.stringContaining(path.basename(project.root)) as string,
    Tool: expect.stringMatching(/Prettier 3\.\d+\.\d+.*bundled/iu) as string,
    Confinement: expect.stringMatching(asMeasured) as string,
    PID: expect.stringMatching(/^\d+$/u) as string,
    Memory: expect.stringMatching(/\d MB$/u) as string,
    Leases: '0',
  });
});

test('a document is formatted as the command line would, and the call appears on the panel', async () => {
  const file = project.path('src/cart.ts');
  const expected = await formatByCommandLine(3, file, project.root);
  await editor.openFile('cart.ts');
  await editor.formatDocument();
  await editor.saveFile();
  await expect.poll(() => fs.readFileSync(file, 'utf8')).toBe(expected);
  const panel = await openPanel();
  const calls = await panel.until(
    () => panel.callRows(),
    rows => rows.length > 0,
  );
  expect(calls[0]).toMatchObject({
    Tool: 'prettier',
    Method: 'format',
    Subject: 'src/cart.ts',
    Outcome: 'OK',
    Total: expect.stringMatching(/ms$/u) as string,
  });
  expect(await panel.methodRows()).toMatchObject([
    { Tool: 'prettier', Method: 'format', Count: '1' },
  ]);
});

test('the language status names the tool, its version and the last time, and opens the log', async () => {
  await editor.openFile('cart.ts');
  const status = await editor.languageStatus();
  expect(status).toMatch(
    /Prettier 3\.\d+\.\d+ \(bundled\).*Formatted in \d+ ms, (?:partly )?confined by .*Show Log/u,
  );
  await editor.openFile('palette.css');
  expect(await editor.languageStatus()).toMatch(/Prettier 3\.\d+\.\d+ \(bundled\).*Session ready/u);
});

test('a session is restarted by its button: another process takes its place', async () => {
  const panel = await openPanel();
  const [before] = await panel.sessionRows();
  await panel
    .button(/^Restart the session of/u)
    .first()
    .click();
  const rows = await panel.until(
    () => panel.sessionRows(),
    found =>
      found.some(
        ({ State, PID, Tool }) =>
          State === 'Ready' && PID !== before!['PID'] && Tool === before!['Tool'],
      ),
  );
  expect(rows.find(({ State }) => State === 'Closed')).toMatchObject({
    'Last reason': expect.stringContaining('Requested') as string,
  });
});

test('a session is restarted by the command, chosen from a list', async () => {
  const panel = await openPanel();
  const running = async () => (await panel.sessionRows()).filter(({ State }) => State === 'Ready');
  const [before] = await running();
  await editor.runCommand('Greenroom: Restart Session…');
  await editor.chooseFirst();
  const [after] = await panel.until(
    running,
    ([row]) => row !== undefined && row['PID'] !== before!['PID'],
  );
  expect(after).toMatchObject({ Session: before!['Session'] });
});

test('the panel can be used by keyboard', async () => {
  const panel = await openPanel();
  const close = panel.button(/^Close the session of/u).first();
  await close.focus();
  await workbench.page.keyboard.press('Enter');
  await panel.until(
    () => panel.sessionRows(),
    rows => rows.every(({ State }) => State === 'Closed'),
  );
});

test.each([
  ['dark', 'Dark Modern'],
  ['light', 'Light Modern'],
  ['highContrast', 'Default High Contrast'],
])('the panel is accessible in a %s theme', async (name, theme) => {
  await editor.setTheme(theme);
  await editor.runCommand('Greenroom: Prewarm Sessions');
  const panel = await openPanel();
  await panel.until(
    () => panel.sessionRows(),
    rows => rows.some(({ State }) => State === 'Ready'),
  );
  await panel.takePicture(path.join(pictures, `panel-${name}.png`));
  await workbench.page.screenshot({ path: path.join(pictures, `workbench-${name}.png`) });
  const { passes, violations } = await new AxeBuilder({ page: workbench.page })
    .include(['iframe.webview.ready', 'iframe#active-frame', 'main'])
    .analyze();
  expect(passes.length).toBeGreaterThan(0);
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('the panel is there again after the window was reloaded', async () => {
  await openPanel();
  await editor.reloadWindow();
  const panel = await PanelPage.find(workbench.page);
  await panel.button('Prewarm Sessions').first().click();
  await panel.until(
    () => panel.sessionRows(),
    rows => rows.some(({ State }) => State === 'Ready'),
  );
});
