import path from 'node:path';
import os from 'node:os';
import process from 'node:process';
import { openGreenroom } from '../../extension/api.ts';
import { workerPath } from './sessions.ts';

/** A host with sessions whose tools have started processes: tells the ids of all, and waits to be killed. */
const fixture = (name: string) => path.resolve(import.meta.dirname, '../fixtures', name);
const greenroom = openGreenroom({ workerPath, segmentFolder: os.tmpdir() });
const confinement = { mode: 'off' } as const; // so that it may start what is to be ended
const node = await greenroom.openSession({ shareKey: 'node', confinement });
const parent = node.load<{ startAChild(): number; startADaemon(): number }>(
  fixture('modules/parent.mjs'),
);
const interpreter = '/usr/bin/python3';
const python = await greenroom.openSession({
  shareKey: 'python',
  runtime: 'python',
  interpreter,
  confinement,
});
const misbehaves = python.load<{ start_a_daemon(): number }>(fixture('python/misbehaves.py'));
const pids = await Promise.all([
  parent.startAChild(),
  parent.startADaemon(),
  misbehaves.start_a_daemon(),
]);
process.stdout.write(pids.join(' '));
setInterval(() => undefined, 60_000); // idle sessions do not keep it
