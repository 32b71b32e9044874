import process from 'node:process';
import * as vscode from 'vscode';
import type { Clock } from '../../../server/shared/base/platform.ts';
import { messageOf } from '../../../server/shared/toldErrors.ts';
import type { Settings } from '../../config/settings.ts';
import type { Log } from '../../log/log.ts';
import { findInstalled, type PythonInstallation } from '../../python/installedPackages.ts';
import { within } from '../../sessions/endProcess.ts';
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

/** Its start takes a second or two, and whoever saves a file waits for it. */
const answerMs = 5_000;

/** Several tools ask in the same moment, and again with each change of a document. */
const holdsMs = 1_000;

interface Known {
  readonly found: Promise<PythonInstallation>;
  readonly untilMs: number;
}

/** The interpreters of folders, as {@link locateInterpreter} finds them on this machine. */
export class PythonInterpreters {
  /** What the Python extension was asked and nobody waits for any more. */
  private overdue: Promise<unknown> | undefined;
  private warned: string | undefined;
  private readonly installed = new Map<string, Known>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  find(folder: string, settings: Settings, resource: vscode.Uri): Promise<string> {
    const searchPath = process.env['PATH'] ?? '';
    const chosen = () => this.chosen(resource);
    return locateInterpreter({ folder, setting: settings.pythonInterpreter, chosen, searchPath });
  }

  /** The same, with what is installed for it now. */
  async findInstalled(
    folder: string,
    settings: Settings,
    resource: vscode.Uri,
  ): Promise<PythonInstallation> {
    const interpreter = await this.find(folder, settings, resource);
    const now = this.clock.now();
    const known = this.installed.get(interpreter);
    if (known && now < known.untilMs) return known.found;
    const found = findInstalled(interpreter);
    this.installed.set(interpreter, { found, untilMs: now + holdsMs });
    return found;
  }

  /** The interpreter that the user has chosen in the Python extension, where it is installed. */
  private async chosen(resource: vscode.Uri): Promise<string | undefined> {
    const extension = vscode.extensions.getExtension<PythonExtensionApi>('ms-python.python');
    if (!extension || this.overdue) return undefined;
    const asked = ask(extension, resource);
    try {
      const answer = await within(answerMs, asked, this.clock);
      if (answer) {
        this.warned = undefined;
        return answer.interpreter;
      }
      this.warn(`no answer within ${answerMs} ms`);
      this.overdue = asked.finally(() => (this.overdue = undefined)).catch(() => undefined);
    } catch (error) {
      this.warn(messageOf(error));
    }
    return undefined;
  }

  private warn(error: string): void {
    if (error === this.warned) return;
    this.warned = error;
    this.log.warn('the Python extension did not tell its interpreter', { error });
  }
}

async function ask(
  extension: vscode.Extension<PythonExtensionApi | undefined>,
  resource: vscode.Uri,
): Promise<{ readonly interpreter: string | undefined }> {
  const api = extension.isActive ? extension.exports : await extension.activate();
  const environments = api?.environments;
  const active: unknown = environments?.getActiveEnvironmentPath?.(resource);
  const environment = await environments?.resolveEnvironment?.(active);
  return { interpreter: environment?.executable?.uri?.fsPath };
}
