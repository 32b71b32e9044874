import fs from 'node:fs';
import { expect, test } from 'vitest';
import { launchWorkbench } from '../host/workbench.ts';
import { WorkbenchPage } from './pages/workbenchPage.ts';
import { changedText, sampleProject } from './sampleProject.ts';

const messy = 'const   a = {b:1}\n';
const trap = 'require("node:fs").writeFileSync(__dirname + "/ran", ""); module.exports = {}';

test('in Restricted Mode plain configuration is followed, and no code of the project runs', async () => {
  using project = sampleProject({
    'plain/.prettierrc.json': '{"semi":false}',
    'plain/data.ts': messy,
    'code/prettier.config.cjs': trap,
    'code/refused.ts': messy,
    'node_modules/prettier/package.json':
      '{"name":"prettier","version":"3.0.0","main":"index.cjs"}',
    'node_modules/prettier/index.cjs': trap,
  });
  await using workbench = await launchWorkbench({
    folder: project.root,
    trust: false,
    settings: {
      'editor.defaultFormatter': 'greenroom.greenroom',
      'security.workspace.trust.startupPrompt': 'never',
    },
  });
  const editor = new WorkbenchPage(workbench);
  await editor.waitForStatus('Restricted Mode');

  await editor.openFile('data.ts');
  await editor.formatDocument();
  await editor.saveFile();
  await expect
    .poll(() => changedText(project, 'plain/data.ts', messy))
    .toBe('const a = { b: 1 }\n');

  await editor.openFile('refused.ts');
  await editor.runCommand('Format Document');
  await editor.runCommand('Greenroom: Show Log');
  await expect.poll(() => editor.outputText(), { timeout: 10_000 }).toContain('Restricted Mode');
  expect(fs.readFileSync(project.path('code/refused.ts'), 'utf8')).toBe(messy);
  expect(
    ['code/ran', 'node_modules/prettier/ran'].filter(name => fs.existsSync(project.path(name))),
  ).toEqual([]);
}, 240_000);
