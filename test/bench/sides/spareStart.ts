import process from 'node:process';
import { createSessionOpener } from '../../../extension/sessions/openGreenroom.ts';
import type { ModuleSession } from '../../../extension/api.ts';
import { allowedEnvironment } from '../../../extension/confinement/environment.ts';
import { TestPool } from '../../support/sessions.ts';
import type * as Work from '../children/workload.mjs';
import { holding } from '../holding.ts';
import { childPath, repository, workerPath } from '../paths.ts';

/** Longer than a step takes: what a step opens brings no spare while it is measured. */
const provenMs = 100;

/** A pool that has a spare when somebody asks for a session, as the extension mostly has. */
export class SpareStart implements AsyncDisposable {
  private readonly host = new TestPool({ maxSpares: 1, provenMs });
  private readonly opener = createSessionOpener(this.host.pool, {
    executable: process.execPath,
    workerPath,
    pythonWorkerPath: '',
    environment: allowedEnvironment(process.env),
    confinement: () => 'off',
  });
  private sessions = 0;

  /**
   * Opens a session that nobody has asked for before, has it answer one ping and closes it. Throws when
   * there was no spare for it.
   */
  async ping(): Promise<number> {
    const { spare } = this;
    const session = await this.open();
    const Workload = session.load<typeof Work.Workload>(childPath('workload.mjs'), 'Workload');
    const answer = await new Workload('seed').ping();
    await session.close();
    if (spare === undefined || spare === this.spare) throw new Error('there was no spare');
    return answer;
  }

  /** Waits until there is a spare. If none is booting, a session brings one that lasts until then. */
  async ready(): Promise<void> {
    const session = this.spare === undefined ? await this.open() : undefined;
    await holding(async () => {
      await this.host.seen(
        'launching',
        ({ cause }) => cause === 'spare' && this.spare !== undefined,
      );
      await this.host.seen('ready', event => event.session === this.spare);
    });
    await session?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    this.opener.dispose();
  }

  /** The process that belongs to nobody yet, which may still be booting. */
  private get spare(): string | undefined {
    const { events } = this.host;
    const last = events.findLast(event => event.kind === 'launching' && event.cause === 'spare');
    const isTaken = events.some(
      ({ kind, session }) => kind === 'adopted' && session === last?.session,
    );
    return isTaken ? undefined : last?.session;
  }

  private open(): Promise<ModuleSession> {
    return this.opener.openSession({ shareKey: `${++this.sessions}`, cwd: repository });
  }
}
