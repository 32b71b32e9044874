import inspector from 'node:inspector';
import fs from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Probe } from '../probe.ts';
import type { Scene } from '../scene.ts';

const shell = ({ notes }: Scene) => [`cat '${notes}' '${notes}' && touch '${notes}'`];

const running = (
  name: string,
  program: string,
  args: (scene: Scene) => readonly string[],
): Probe => ({
  name,
  deed: 'run',
  args: scene => [program, args(scene)],
  whyNot: () => (fs.existsSync(program) ? undefined : `there is no ${program}`),
});

export const others: readonly Probe[] = [
  { name: 'own-environment', deed: 'environment', args: () => [] },
  { name: 'other-environment', deed: 'read', args: s => [`/proc/${s.bystander.pid}/environ`] },
  {
    name: 'read-other-memory',
    deed: 'readAt',
    args: ({ bystander: { pid, stackEnd } }) => [`/proc/${pid}/mem`, stackEnd - 4096, 4096],
  },
  {
    name: 'change-other-memory',
    deed: 'changeAt',
    args: ({ bystander: { pid, environmentBytes } }) => [`/proc/${pid}/mem`, environmentBytes],
  },
  { name: 'end-other-process', deed: 'signal', args: s => [s.bystander.pid, 'SIGTERM'] },
  { name: 'stop-other-process', deed: 'signal', args: s => [s.bystander.pid, 'SIGSTOP'] },
  {
    name: 'open-inspector-of-host',
    deed: 'signal',
    args: () => {
      process.debugPort = 0;
      return [process.pid, 'SIGUSR1'];
    },
    harm: async () => {
      const untilMs = performance.now() + 300; // the signal is answered by another thread
      while (!inspector.url() && performance.now() < untilMs) await delay(20);
      if (!inspector.url()) return undefined;
      inspector.close();
      return 'the host listened for debuggers';
    },
  },
  running('start-shell', '/bin/sh', scene => ['-c', ...shell(scene)]),
  running('start-in-new-namespace', '/usr/bin/unshare', scene => [
    ...['-Ur', '--mount', '/bin/sh', '-c'],
    ...shell(scene),
  ]),
  running('become-root-by-su', '/usr/bin/su', scene => ['root', '-c', ...shell(scene)]),
  running('become-root-by-sudo', '/usr/bin/sudo', scene => ['-n', 'sh', '-c', ...shell(scene)]),
  running('enter-namespaces', '/usr/bin/nsenter', scene => [
    ...['-a', '-t', String(scene.bystander.pid), '/bin/sh', '-c'],
    ...shell(scene),
  ]),
];
