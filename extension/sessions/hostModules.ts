import diagnostics from 'node:diagnostics_channel';
import type inspector from 'node:inspector';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { GreenroomError } from '../../server/shared/errors.ts';

const require = createRequire(process.execPath);
const requires = diagnostics.tracingChannel('module.require');
const imports = diagnostics.tracingChannel('module.import');

/**
 * Knows which modules this process has loaded. Node announces every `require` and `import()`, so there
 * is something to look for only when the epoch has moved. What was loaded before, and what a module
 * imports statically, is not announced: the engine is asked for it, once per import.
 */
export class HostModules {
  /** Moves whenever a module may have been loaded. */
  epoch = 0;
  private readonly required = require.cache;
  private imported: ReadonlySet<string> | undefined;

  constructor() {
    requires.end.subscribe(this.onRequire);
    imports.asyncEnd.subscribe(this.onImport);
  }

  /** Throws `session.moduleInHost` when the file, a real path, is loaded in this process. */
  assertAbsent(file: string): void {
    if (!this.look().has(file) && !(file in this.required)) return;
    throw new GreenroomError(
      'session.moduleInHost',
      `${file} is loaded in this process as well; what runs in a session must not be: import only its types here`,
    );
  }

  /** Finds out what is loaded while the process is started for which somebody will want to know. */
  lookSoon(): void {
    if (!this.imported) setImmediate(() => this.look());
  }

  dispose(): void {
    requires.end.unsubscribe(this.onRequire);
    imports.asyncEnd.unsubscribe(this.onImport);
  }

  private look(): ReadonlySet<string> {
    return (this.imported ??= importedFiles());
  }

  private readonly onRequire = (news: unknown) => {
    this.epoch++;
    const { result } = news as { result?: unknown };
    if (types.isModuleNamespaceObject(result)) this.imported = undefined;
  };

  private readonly onImport = () => {
    this.epoch++;
    this.imported = undefined;
  };
}

/**
 * The real paths of all ES modules of this process, from the engine: measured, 15 ms for a small
 * program the first time. A runtime that was built without an inspector tells of none.
 */
function importedFiles(): ReadonlySet<string> {
  const files = new Set<string>();
  try {
    const { Session } = require('node:inspector') as typeof inspector;
    const session = new Session();
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => {
      const { isModule, embedderName } = params as ScriptParsed;
      const file = isModule ? fileOf(embedderName) : undefined;
      if (file !== undefined) files.add(file);
    });
    session.post('Debugger.enable');
    session.post('Debugger.disable');
    session.disconnect();
  } catch {
    // What was required is known all the same.
  }
  return files;
}

/** As much of the event as is used; Node's types lack the second. */
interface ScriptParsed {
  readonly isModule?: boolean;
  readonly embedderName?: string;
}

/** By the name under which it was loaded, not by one that its text gives itself. */
function fileOf(url: string | undefined): string | undefined {
  if (!url?.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(url.replace(/[?#].*$/su, ''));
  } catch {
    return undefined; // on another machine
  }
}

/** Watches over the modules of one session: none of them may come to be loaded in this process. */
export class ModuleGuard {
  private readonly files = new Set<string>();
  private seenEpoch = -1;

  constructor(private readonly modules: HostModules) {}

  /** Throws `session.moduleInHost` when the file is loaded here already. */
  add(file: string): void {
    this.modules.assertAbsent(file);
    this.files.add(file);
  }

  /** The leak, if there is one. Looks only when a module may have been loaded since the last look. */
  readonly leak = (): Error | undefined => {
    const { epoch } = this.modules;
    if (epoch === this.seenEpoch) return undefined;
    try {
      for (const file of this.files) this.modules.assertAbsent(file);
      this.seenEpoch = epoch;
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };
}
