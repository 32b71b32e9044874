import process from 'node:process';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';
import { ConfinedTool } from './confinedTool.ts';
import { Project } from './project.ts';
import { TestPool } from './sessions.ts';

/** A host with a confined session that has temporary files: tells its process id, and waits to be killed. */
const host = new TestPool();
const project = new Project();
const mechanism = process.argv[2] as Mechanism;
const tool = new ConfinedTool(host, project.root, { mechanism, needsScratch: true });
await tool.prewarm();
project[Symbol.dispose]();
process.stdout.write(String(host.pids[0]));
setInterval(() => undefined, 60_000); // idle sessions do not keep it
