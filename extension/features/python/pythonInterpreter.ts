import process from 'node:process';
import * as vscode from 'vscode';
import type { Settings } from '../../config/settings.ts';
import type { Log } from '../../log/log.ts';
import { messageOf } from '../../../server/shared/errors.ts';
import { locateInterpreter } from './locateInterpreter.ts';

/** As much of the Python extension's interface as is needed here; it is another's, so all of it may be missing. */
interface PythonExtensionApi {
  readonly environments?: {
    getActiveEnvironmentPath?(resource?: vscode.Uri): unknown;
    resolveEnvironment?(
      environment: unknown,
    ): Promise<{ readonly executable?: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** The interpreter of a folder, as {@link locateInterpreter} finds it on this machine. */
export function findInterpreter(
  folder: string,
  { pythonInterpreter: setting }: Settings,
  resource: vscode.Uri,
  log: Log,
): Promise<string> {
  const searchPath = process.env['PATH'] ?? '';
  const chosen = () => chosenInterpreter(resource, log);
  return locateInterpreter({ folder, setting, chosen, searchPath });
}

/** The interpreter that the user has chosen in the Python extension, where it is installed. */
async function chosenInterpreter(resource: vscode.Uri, log: Log): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtensionApi>('ms-python.python');
  if (!extension) return undefined;
  try {
    const { environments } = extension.isActive ? extension.exports : await extension.activate();
    const active: unknown = environments?.getActiveEnvironmentPath?.(resource);
    const environment = await environments?.resolveEnvironment?.(active);
    return environment?.executable?.uri?.fsPath;
  } catch (error) {
    log.warn('the Python extension did not tell its interpreter', { error: messageOf(error) });
    return undefined;
  }
}
