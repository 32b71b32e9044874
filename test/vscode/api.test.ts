import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type * as Workshop from '../fixtures/modules/workshop.mjs';
import { greenroom } from './workspace.ts';

const { extensionPath } = vscode.extensions.getExtension('greenroom.greenroom')!;
const workshopFile = path.join(extensionPath, 'test/fixtures/modules/workshop.mjs');

/** Without a mark, its objects stay here. */
class Plank {
  constructor(readonly length: number) {}
}

describe('what other extensions get', () => {
  it('opens sessions, and has marks for what is passed', async () => {
    const { openSession, byRef, byValue, writable } = await greenroom();
    using session = await openSession({ shareKey: 'another-extension', cwd: extensionPath });
    const workshop = session.load<typeof Workshop>(workshopFile);
    const record = { length: 1 };
    assert.equal(await workshop.echo(byRef(record)), record);
    assert.notEqual(await workshop.echo(record), record);
    const plank = new Plank(2);
    assert.equal(await workshop.echo(plank), plank);
    assert.deepEqual(await workshop.echo(byValue(plank)), { length: 2 });
    assert.deepEqual(session.policyOf(byRef(record)), { passing: 'reference', source: 'mark' });
    writable(workshop.limits).most = 12;
    assert.equal(await workshop.limits.most, 12);
    await session.close();
  });

  it('has the classes of the errors that calls fail with', async () => {
    const { openSession, GreenroomError, RemoteError, BatchError } = await greenroom();
    using session = await openSession({ shareKey: 'another-extension', cwd: extensionPath });
    const workshop = session.load<typeof Workshop>(workshopFile);
    await assert.rejects(
      async () => await workshop.fail('no more wood'),
      (error: unknown) => error instanceof RemoteError && error.remoteCode === 'EWORKSHOP',
    );
    await assert.rejects(
      async () => await workshop.fail.batch([['one'], ['two']]),
      (error: unknown) => error instanceof BatchError && error.index === 0,
    );
    await assert.rejects(
      openSession({ shareKey: 'another-extension', cwd: extensionPath, keepaliveMs: 1 }),
      (error: unknown) => error instanceof GreenroomError && error.code === 'session.conflict',
    );
    await session.close();
  });
});
