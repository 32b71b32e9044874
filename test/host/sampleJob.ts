import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PanelPage } from '../e2e/pages/panelPage.ts';
import type { TableRow } from '../e2e/pages/tableRows.ts';
import { WorkbenchPage } from '../e2e/pages/workbenchPage.ts';
import { repository } from './paths.ts';
import type { Progress } from './progress.ts';
import { runCommand } from './runCommand.ts';
import type { Workbench } from './workbench.ts';

export interface JobReport {
  readonly sessions: readonly TableRow[];
  readonly calls: readonly TableRow[];
}

/** Greenroom's main job, done as a user does it: prewarm, format, save, look at the panel. */
export async function doSampleJob(
  workbench: Workbench,
  file: string,
  picture: string,
  progress: Progress,
): Promise<JobReport> {
  const editor = new WorkbenchPage(workbench);
  const name = path.basename(file);
  const expected = await formattedByPrettier(file);
  await progress.step('sessions prewarmed', () => editor.runCommand('Greenroom: Prewarm Sessions'));
  await progress.step(`${name} opened`, () => editor.openFile(name));
  await progress.step(`${name} formatted`, () => editor.formatDocument());
  await progress.step(
    `${name} saved, equal to what Prettier's own command makes of it`,
    async () => {
      await editor.saveFile();
      await untilFileIs(file, expected);
    },
  );
  return progress.step('performance panel read', async () => {
    await editor.runCommand('Greenroom: Open Performance Panel');
    const panel = await PanelPage.find(workbench.page);
    const calls = await panel.until(
      () => panel.callRows(),
      rows => rows.some(row => row['Method']?.includes('format')),
    );
    fs.mkdirSync(path.dirname(picture), { recursive: true });
    await panel.takePicture(picture);
    return { sessions: await panel.sessionRows(), calls };
  });
}

async function formattedByPrettier(file: string): Promise<string> {
  const command = path.join(repository, 'node_modules/prettier/bin/prettier.cjs');
  return runCommand(process.execPath, [command, file], { timeoutMs: 60_000 });
}

/** An editor calls a file saved a little before the disk shows it. */
async function untilFileIs(file: string, expected: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  for (let text = ''; text !== expected; text = fs.readFileSync(file, 'utf8')) {
    if (performance.now() > deadline) {
      throw new Error(
        `${file} was saved as\n${text}\nPrettier's own command makes of it\n${expected}`,
      );
    }
    await delay(50);
  }
}
