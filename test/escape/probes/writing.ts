import fs from 'node:fs';
import path from 'node:path';
import type { Probe } from '../probe.ts';
import { whyNoSharedMemory, type Scene } from '../scene.ts';
import { onlyNode, trying } from '../trying.ts';

const inHome = (name: string) => (scene: Scene) => path.join(scene.home, name);
const inWorkspace = (name: string) => (scene: Scene) => path.join(scene.workspace, name);

const notes = (scene: Scene) => scene.notes;
const source = inWorkspace('source.js');
const fresh = inWorkspace('new.js');

export const writing: readonly Probe[] = [
  trying('change-workspace', 'change', source),
  trying('create-in-workspace', 'create', fresh),
  trying('remove-from-workspace', 'remove', source),
  trying('rename-in-workspace', 'rename', source, fresh),
  trying('truncate-workspace', 'truncate', source),
  trying('truncate-by-reading', 'truncateByReading', source),
  trying('mode-of-workspace', 'chmod', source),
  trying('times-of-workspace', 'setTimes', source),
  { ...trying('attribute-of-workspace', 'setAttribute', source), runtimes: ['python'] },
  trying('link-in-workspace', 'link', notes, fresh),
  trying('change-by-own-root', 'change', scene => `/proc/self/root${source(scene)}`),
  trying('change-home', 'change', notes),
  trying('create-in-home', 'create', inHome('.bashrc')),
  trying('change-by-link', 'change', inWorkspace('link.txt')),
  trying('create-by-linked-folder', 'create', inWorkspace('linked/.profile')),
  trying('change-other-project', 'change', ({ otherProject }) => path.join(otherProject, '.env')),
  trying('change-by-other-folder', 'change', s => `/proc/${s.bystander.pid}/cwd/notes.txt`),
  trying('create-in-temporary', 'create', ({ traces }) => traces[0]),
  trying('create-in-shared-memory', 'create', ({ traces }) => traces[1]),
  trying('create-beside-worker', 'create', ({ traces }) => traces[2]),
  trying('change-shared-memory', 'change', ({ shared }) => path.join(shared, 'memory')),
  {
    name: 'change-other-session',
    deed: 'change',
    args: (_, { neighbour }) => [path.join(neighbour!, 'segment')],
    whyNot: whyNoSharedMemory,
    harm: async ({ scene, session: { neighbour } }) => {
      const text = fs.readFileSync(path.join(neighbour!, 'segment'), 'utf8');
      return text === scene.secret ? undefined : 'the memory of another session was changed';
    },
  },
  {
    name: 'change-kernel-settings',
    deed: 'change',
    args: () => [kernelSetting, '11'],
    harm: async () => {
      if (fs.readFileSync(kernelSetting, 'utf8') === settingBefore) return undefined;
      fs.writeFileSync(kernelSetting, settingBefore);
      return 'a setting of the kernel was changed';
    },
    whyNot: () => (fs.existsSync(kernelSetting) ? undefined : `there is no ${kernelSetting}`),
  },
  trying('create-database', 'createDatabase', inHome('new.db')),
  onlyNode(trying('log-by-v8', 'logByV8', inHome('v8.log'))),
  onlyNode(trying('trace-by-v8', 'traceByV8', ({ home }) => home)),
  onlyNode(trying('write-report', 'writeReport', inHome('report.json'))),
  onlyNode(trying('write-heap-snapshot', 'writeHeapSnapshot', inHome('heap.heapsnapshot'))),
  onlyNode({ ...trying('write-trace-events', 'traceEvents', ({ home }) => home), isHeavy: true }),
];

/** One that matters little: how many messages a second the kernel prints. */
const kernelSetting = '/proc/sys/kernel/printk_ratelimit_burst';
const settingBefore = fs.existsSync(kernelSetting) ? fs.readFileSync(kernelSetting, 'utf8') : '';
