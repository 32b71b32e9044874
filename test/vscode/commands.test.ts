import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { commandIds } from '../../extension/contributions.ts';
import type { SessionSnapshot } from '../../server/shared/protocol/snapshot.ts';
import { eventually, greenroom, installPackages, liveSessions, untitled } from './workspace.ts';

const hasBubblewrap = fs.existsSync('/usr/bin/bwrap');

describe('commands', () => {
  before(async () => {
    installPackages();
    await greenroom();
  });

  it('are all registered', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(commandIds).filter(id => !registered.has(id)),
      [],
    );
  });

  it('prewarm a session per folder', async () => {
    await vscode.commands.executeCommand(commandIds.prewarmSessions);
    const ready = (await liveSessions()).filter(({ state }) => state === 'ready');
    const labels = new Set(ready.map(({ label }) => label));
    for (const name of ['two', 'three', 'bundled', 'looping']) assert.ok(labels.has(name), name);
  });

  it('close all sessions', async () => {
    await vscode.commands.executeCommand(commandIds.prewarmSessions);
    const running = await liveSessions();
    await vscode.commands.executeCommand(commandIds.closeAllSessions);
    const { sessions } = await (await greenroom()).snapshot();
    for (const { id, pid } of running) {
      assert.equal(sessions.find(session => session.id === id)?.state, 'closed');
      assert.throws(() => process.kill(pid!, 0), { code: 'ESRCH' });
    }
  });

  it('copy diagnostics that name every session with how it is confined, and no secret', async () => {
    await vscode.commands.executeCommand(commandIds.prewarmSessions);
    await vscode.commands.executeCommand(commandIds.copyDiagnostics);
    const diagnostics = JSON.parse(await vscode.env.clipboard.readText()) as {
      greenroom: string;
      sessions: Pick<SessionSnapshot, 'label' | 'state' | 'confinement'>[];
    };
    assert.match(diagnostics.greenroom, /^\d+\.\d+\.\d+$/u);
    const ready = diagnostics.sessions.filter(({ state }) => state === 'ready');
    assert.ok(ready.some(({ label }) => label === 'three'));
    for (const { label, confinement } of ready) {
      assert.ok(confinement, label);
      if (!hasBubblewrap) continue; // what there is instead depends on the machine
      assert.equal(confinement.mechanism, 'bubblewrap', label);
      assert.deepEqual(confinement.succeeded, confinement.granted, label);
    }
  });

  it('format a document in a process of its own, which ends with it', async () => {
    const document = await untitled('javascript', 'const   a = 1');
    const before = new Set((await (await greenroom()).snapshot()).sessions.map(({ id }) => id));
    await vscode.commands.executeCommand(commandIds.formatOnce);
    assert.equal(document.getText(), 'const a = 1;\n');
    const { sessions } = await (await greenroom()).snapshot();
    const once = sessions.filter(({ id, cause }) => !before.has(id) && cause === 'oneShot');
    assert.equal(once.length, 1);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('open the panel, once', async () => {
    const panels = () =>
      vscode.window.tabGroups.all
        .flatMap(group => group.tabs)
        .filter(({ label }) => label === 'Greenroom Performance');
    await vscode.commands.executeCommand(commandIds.openPerformancePanel);
    await vscode.commands.executeCommand(commandIds.openPerformancePanel);
    await eventually(async () => panels().length === 1);
    await vscode.window.tabGroups.close(panels());
  });
});
