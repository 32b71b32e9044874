import process from 'node:process';
import { createSessionOpener } from '../../../extension/sessions/openGreenroom.ts';
import { allowedEnvironment } from '../../../extension/confinement/environment.ts';
import { TestPool } from '../../support/sessions.ts';
import type * as Work from '../children/workload.mjs';
import { childPath, repository, workerPath } from '../paths.ts';

/** A pool that always has a spare when somebody asks for a session, as the extension mostly has. */
export class SpareStart implements AsyncDisposable {
  private readonly host = new TestPool({ maxSpares: 1, provenMs: 0 });
  private readonly opener = createSessionOpener(this.host.pool, {
    executable: process.execPath,
    workerPath,
    pythonWorkerPath: '',
    environment: allowedEnvironment(process.env),
    confinement: () => 'off',
  });
  private sessions = 0;

  /** Opens a session that nobody has asked for before, has it answer one ping and closes it. */
  async ping(): Promise<number> {
    const session = await this.opener.openSession({
      shareKey: `${++this.sessions}`,
      cwd: repository,
    });
    const Workload = session.load<typeof Work.Workload>(childPath('workload.mjs'), 'Workload');
    const answer = await new Workload('seed').ping();
    await session.close();
    return answer;
  }

  /** Waits until there is a spare. */
  async ready(): Promise<void> {
    const { host } = this;
    const isTaken = (id: string) =>
      host.events.some(({ kind, session }) => kind === 'adopted' && session === id);
    const { session } = await host.seen(
      'launching',
      ({ cause, session }) => cause === 'spare' && !isTaken(session),
    );
    await host.seen('ready', event => event.session === session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    this.opener.dispose();
  }
}
