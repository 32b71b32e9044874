import fs from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { ResourceScope } from '../../server/shared/base/disposable.ts';
import type { CancelSignal } from '../../server/shared/base/platform.ts';
import { GreenroomError, isGreenroomError } from '../../server/shared/errors.ts';
import { messageOf } from '../../server/shared/toldErrors.ts';
import { findProgram, isProgram } from '../confinement/findProgram.ts';
import { within } from './endProcess.ts';
import { launchWorker, syncWork } from './launchWorker.ts';
import type { LaunchSpec } from './launchSpec.ts';
import type { ProcessSession } from './processSession.ts';
import { launchServer } from './servers/launchServer.ts';
import type { LaunchAttempt, LaunchContext } from './startProcess.ts';

/**
 * Starts a session's process and waits for its hello. Throws `session.launch` or `session.unconfined`;
 * nothing is left behind then.
 */
export async function launchSession(
  spec: LaunchSpec,
  context: LaunchContext,
  signal: CancelSignal,
): Promise<ProcessSession> {
  const { platform, policy } = context;
  const attempt: LaunchAttempt = { scope: new ResourceScope() };
  try {
    const launch = spec.server ? launchServer : launchWorker;
    // It may be for a callback, but lives and calls on its own.
    return await syncWork.outside(() => launch(spec, context, attempt, signal));
  } catch (failure) {
    attempt.scope.dispose();
    if (attempt.process) await within(policy.endStepMs, attempt.process.gone, platform.clock);
    if (isGreenroomError(failure, 'session.unconfined')) throw failure;
    const cause = (await findObstacle(spec)) ?? failure;
    throw new GreenroomError('session.launch', `could not start a session: ${messageOf(cause)}`, {
      cause,
    });
  }
}

/** What the operating system tells in words that help nobody, or not at all. */
async function findObstacle(spec: LaunchSpec): Promise<Error | undefined> {
  const { workerPath, executable, cwd } = spec;
  const isPython = spec.runtime === 'python';
  if (!(await canRead(workerPath))) {
    const option = isPython ? 'pythonWorkerPath' : 'workerPath';
    return new Error(
      `the worker ${workerPath} is missing; reinstalling Greenroom brings it back, or \`npm run build\` where the option \`${option}\` names it`,
    );
  }
  const place = await fs.stat(cwd).catch(() => undefined);
  if (!place) return new Error(`the folder ${cwd}, in which it is to run, is not there`);
  if (!place.isDirectory()) return new Error(`${cwd}, in which it is to run, is no folder`);
  if (!(await canRun(spec))) {
    const [setting, option] = isPython
      ? ['greenroom.python.interpreter', 'interpreter']
      : ['greenroom.node.path', 'nodePath'];
    return new Error(
      `the program ${executable} cannot be run; is ${setting} right, or the option \`${option}\`?`,
    );
  }
  return undefined;
}

/** A mere name is looked up as the system does; on Windows, which adds endings to it, it is not judged. */
async function canRun({ executable, environment }: LaunchSpec): Promise<boolean> {
  if (process.platform === 'win32' && !path.isAbsolute(executable)) return true;
  return isProgram(await findProgram(executable, environment['PATH']));
}

async function canRead(file: string): Promise<boolean> {
  try {
    await fs.access(file, fs.constants.R_OK);
    return true;
  } catch {
    return false; // that it cannot is the answer
  }
}
