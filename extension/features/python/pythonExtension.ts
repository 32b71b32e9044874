import * as vscode from 'vscode';
import type { Log } from '../../log/log.ts';
import { messageOf } from '../../../server/shared/errors.ts';

/** As much of the Python extension's interface as is needed here; it is another's, so all of it may be missing. */
interface PythonExtensionApi {
  readonly environments?: {
    getActiveEnvironmentPath?(resource?: vscode.Uri): unknown;
    resolveEnvironment?(
      environment: unknown,
    ): Promise<{ readonly executable?: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** The interpreter that the user has chosen in the Python extension, where it is installed. */
export async function chosenInterpreter(
  resource: vscode.Uri,
  log: Log,
): Promise<string | undefined> {
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
