import fs from 'node:fs';
import path from 'node:path';
import { packageExtension } from './packageExtension.ts';
import { cache, fixtures } from './paths.ts';
import { Progress } from './progress.ts';
import { doSampleJob } from './sampleJob.ts';
import { openScratch } from './scratch.ts';
import { textTable } from './textTable.ts';
import { provideVSCode } from './vscodeInstall.ts';
import { launchWorkbench, type Workbench } from './workbench.ts';

/** `npm start`: Greenroom at work in a real VS Code. `--once` ends when the job is done. */
async function main(once: boolean): Promise<number> {
  const interruption = onInterruption();
  await using resources = new AsyncDisposableStack();
  const job = openAndWork(resources, new Progress());
  const workbench = await Promise.race([job, interruption]);
  if (!workbench) return 130;
  if (once) return 0;
  console.log(`\nThe editor stays open at ${workbench.url ?? 'its window'}; Ctrl+C ends it.`);
  await interruption;
  return 0;
}

async function openAndWork(
  resources: AsyncDisposableStack,
  progress: Progress,
): Promise<Workbench> {
  const install = await progress.step('VS Code is here', () => provideVSCode());
  const vsix = await progress.step('extension packaged', packageExtension);
  const project = path.join(resources.use(openScratch()).folder, 'sample-project');
  fs.cpSync(path.join(fixtures, 'sample-project'), project, { recursive: true });
  const settings = { 'editor.defaultFormatter': 'greenroom.greenroom' };
  const workbench = await progress.step('workbench drawn', () =>
    launchWorkbench({ install, vsix, folder: project, settings }),
  );
  resources.use(workbench);

  const picture = path.join(cache, 'start/panel.png');
  const file = path.join(project, 'src/cart.ts');
  const { sessions, calls } = await doSampleJob(workbench, file, picture, progress);
  console.log(`\nSessions\n${textTable(sessions)}`);
  console.log(`\nRecent calls\n${textTable(calls)}`);
  console.log(`\nThe panel as a picture: ${picture}`);
  return workbench;
}

/** What is still being started then needs no word from us: it ends with this process. */
function onInterruption(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => resolve(undefined));
  }
  return promise;
}

try {
  process.exit(await main(process.argv.includes('--once')));
} catch (error) {
  console.error(error);
  process.exit(1);
}
