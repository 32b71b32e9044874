import diagnostics from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { GreenroomError } from '../../server/shared/errors.ts';

/** What Node announces of an import: the specifier as it stands in the source, and whose it is. */
interface ImportNews {
  readonly url: string;
  readonly parentURL: string;
}

const loads = diagnostics.tracingChannel('module.require');
const imports = diagnostics.tracingChannel('module.import');

/**
 * Knows which modules this process has loaded. Node announces every `require` and `import`, so there
 * is something to look for only when the epoch has moved. What an ES module imports statically is not
 * announced by itself.
 */
export class HostModules {
  /** Moves whenever a module may have been loaded. */
  epoch = 0;
  private readonly required = createRequire(process.execPath).cache;
  private readonly imported = new Set<string>();

  constructor() {
    loads.end.subscribe(this.onRequire);
    imports.start.subscribe(this.onImport);
  }

  /** Throws `session.moduleInHost` when the file is loaded in this process. */
  assertAbsent(file: string): void {
    if (!this.imported.has(file) && !(file in this.required)) return;
    throw new GreenroomError(
      'session.moduleInHost',
      `${file} is loaded in this process as well; what runs in a session must not be`,
    );
  }

  dispose(): void {
    loads.end.unsubscribe(this.onRequire);
    imports.start.unsubscribe(this.onImport);
  }

  private readonly onRequire = () => {
    this.epoch++;
  };

  private readonly onImport = (news: unknown) => {
    const { url, parentURL } = news as ImportNews;
    const file = resolveImport(url, parentURL);
    if (file === undefined) return;
    this.imported.add(file);
    this.epoch++;
  };
}

/** The file that an import means; undefined for what is none, or cannot be found. */
function resolveImport(specifier: string, parentUrl: string): string | undefined {
  try {
    if (specifier.startsWith('file:')) return fileURLToPath(specifier);
    return /^\.{0,2}\//u.test(specifier)
      ? fileURLToPath(new URL(specifier, parentUrl))
      : createRequire(parentUrl).resolve(specifier);
  } catch {
    return undefined; // the import fails for the same reason
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
