import { sampleProject } from '../e2e/sampleProject.ts';
import { WorkbenchPage } from '../e2e/pages/workbenchPage.ts';
import { launchWorkbench } from '../host/workbench.ts';
import { median } from './statistics.ts';

/**
 * How long VS Code waits for the extension, as its own "Show Running Extensions" tells: loading the
 * code and calling `activate`. Milliseconds, the median of as many launches of the packaged extension.
 */
export async function benchActivation(launches: number): Promise<number> {
  const times: number[] = [];
  for (let launch = 0; launch < launches; launch++) {
    using project = sampleProject();
    await using workbench = await launchWorkbench({ folder: project.root });
    const time = await new WorkbenchPage(workbench).activationMs('Greenroom');
    times.push(time);
  }
  return median(times);
}
