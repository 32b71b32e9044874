import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { misuse } from '../../server/shared/base/misuse.ts';
import type { Confinement } from '../../server/shared/protocol/confinement.ts';
import { GreenroomError } from '../../server/shared/errors.ts';
import { assertPassing } from '../../server/shared/rpc/callOptions.ts';
import type { LiveCounts } from '../../server/shared/rpc/connection.ts';
import type { Remote, RemoteResult } from '../../server/shared/rpc/remoteTypes.ts';
import {
  decidePassing,
  natural,
  type Passing,
  type PassingDecision,
} from '../../server/shared/rpc/values/policy.ts';
import type { ModuleGuard } from './hostModules.ts';
import { assertFileUrl, assertText } from './openSessionOptions.ts';
import type { LiveReferences, ModuleSession } from './moduleSessionTypes.ts';
import type { Lease } from './pool/lease.ts';

/** What a worker answers for every session that loads modules. */
interface WorkerRoot {
  load(file: string, exportName?: string): Promise<object>;
  live(): Promise<LiveCounts>;
}

/** What the runtime of a session makes of the modules that are asked for. */
export interface SessionModules {
  /** The name by which the worker loads it. Throws when it must not be loaded there. */
  add(module: string | URL): string;
}

/** A module of this language is not to be in two processes. */
export function nodeModules(guard: ModuleGuard): SessionModules {
  return {
    add(module) {
      const file = findModule(module);
      guard.add(file);
      return file;
    },
  };
}

/** This process cannot have loaded a module of another language, and need not know where it is. */
export const pythonModules: SessionModules = {
  add: module => (isFileUrl(module) ? fileURLToPath(module) : module),
};

/** A session as long as its lease lasts. */
export class LeasedModuleSession implements ModuleSession {
  private readonly root: Remote<WorkerRoot>;

  constructor(
    private readonly lease: Lease,
    private readonly modules: SessionModules,
    private readonly closeSession: () => Promise<void>,
  ) {
    this.root = lease.session.connection.root as Remote<WorkerRoot>;
  }

  load<T>(
    module: string | URL,
    exportName?: string,
    signal?: AbortSignal,
  ): RemoteResult<T, 'reference'> {
    if (this.lease.isReleased) {
      throw new GreenroomError('session.closed', 'the session was given back; open it again');
    }
    if (!(module instanceof URL)) assertText('module', module);
    if (exportName !== undefined) assertText('exportName', exportName);
    const name = this.modules.add(module);
    const args: [string, string?] = exportName === undefined ? [name] : [name, exportName];
    const load = signal ? this.root.load.with({ signal }) : this.root.load;
    return load(...args) as unknown as RemoteResult<T, 'reference'>;
  }

  policyOf(value: object, ofCall?: Passing): PassingDecision {
    if (Object(value) !== value) throw misuse('value', value, 'an object or a function');
    assertPassing('ofCall', ofCall);
    return decidePassing(value, this.lease.session.passing ?? natural, ofCall);
  }

  get confinement(): Confinement {
    return this.lease.session.confinement;
  }

  async liveReferences(): Promise<LiveReferences> {
    const worker = await this.root.live.with({ result: 'value' })(); // whatever the session's policies
    return { host: this.lease.session.connection.live, worker };
  }

  close(): Promise<void> {
    const closed = this.closeSession(); // before the lease ends: one that is not kept warm ends with its last
    this.lease.release();
    return closed;
  }

  [Symbol.dispose](): void {
    this.lease.release();
  }
}

/**
 * The module's real path, by which this process and the worker know it. Throws `tool.load`, or a
 * `TypeError` for a path that depends on where this process works.
 */
export function findModule(module: string | URL): string {
  if (module instanceof URL) assertFileUrl(module);
  else if (!isFileUrl(module) && !path.isAbsolute(module)) {
    throw misuse('module', module, 'an absolute path or a file URL');
  }
  try {
    return fs.realpathSync(isFileUrl(module) ? fileURLToPath(module) : module);
  } catch (cause) {
    throw new GreenroomError('tool.load', `there is no module ${String(module)}`, { cause });
  }
}

function isFileUrl(module: string | URL): module is URL {
  return module instanceof URL || module.startsWith('file:');
}
