import path from 'node:path';
import process from 'node:process';
import { PrettierSession } from './prettierSessions.ts';
import { Project } from './project.ts';
import { TestPool } from './sessions.ts';

/** A host whose session loops: prints the session's process id once the loop is under way. */
const plugin = path.resolve(import.meta.dirname, '../fixtures/plugins/loops.mjs');
const project = new Project({ '.prettierrc.json': JSON.stringify({ plugins: [plugin] }) });
const host = new TestPool();
const session = new PrettierSession(host, project);
await session.prewarm();
session.reportText('x', 'a.loop').catch(() => undefined);
host.logged(/looping/u).then(() => process.stdout.write(host.pids.join(' ')), console.error);
