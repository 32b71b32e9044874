import fs from 'node:fs';
import path from 'node:path';
import type { Probe } from '../probe.ts';
import { whyNoSharedMemory, type Scene } from '../scene.ts';
import { onlyNode, trying } from '../trying.ts';

const notes = (scene: Scene) => scene.notes;

/** Without words of its own, of the user's notes. */
const read = (name: string, place = notes) => trying(name, 'read', place);

export const reading: readonly Probe[] = [
  read('read-home'),
  read('read-keys', ({ home }) => path.join(home, '.ssh/id_ed25519')),
  read('read-other-project', ({ otherProject }) => path.join(otherProject, '.env')),
  read('read-by-link', ({ workspace }) => path.join(workspace, 'link.txt')),
  read('read-by-linked-folder', ({ workspace }) => path.join(workspace, 'linked/.ssh/id_ed25519')),
  read('read-upwards', ({ workspace }) => `${workspace}/../../notes.txt`),
  read('read-by-own-root', scene => `/proc/self/root${scene.notes}`),
  read('read-by-first-root', scene => `/proc/1/root${scene.notes}`),
  read('read-by-other-root', scene => `/proc/${scene.bystander.pid}/root${scene.notes}`),
  read('read-by-other-folder', ({ bystander }) => `/proc/${bystander.pid}/cwd/notes.txt`),
  read('read-by-other-descriptor', ({ bystander }) => `/proc/${bystander.pid}/fd/3`),
  read('read-other-command-line', ({ bystander }) => `/proc/${bystander.pid}/cmdline`),
  read('read-shared-memory', ({ shared }) => path.join(shared, 'memory')),
  {
    name: 'read-other-session',
    deed: 'read',
    args: (_, { neighbour }) => [path.join(neighbour!, 'segment')],
    whyNot: whyNoSharedMemory,
  },
  trying('read-by-new-link', 'readByNewLink', notes),
  trying('read-by-hard-link', 'readByHardLink', notes),
  trying('read-from-folder', 'chdirAndRead', notes),
  trying('list-home', 'list', ({ home }) => home),
  trying('stat-home', 'stat', ({ home, secretName }) => path.join(home, secretName)),
  trying('read-link-of-home', 'readLink', ({ home }) => path.join(home, 'bookmark')),
  {
    name: 'read-password-hashes',
    deed: 'read',
    args: () => ['/etc/shadow'],
    harm: async ({ answer }) => {
      const isTold = answer.kind === 'done' && answer.text.includes(firstHash());
      return isTold ? 'it learned the hash of a password' : undefined;
    },
    whyNot: () => (firstHash() === '' ? 'this user cannot read them' : undefined),
  },
  {
    name: 'read-descriptors',
    deed: 'readDescriptors',
    args: ({ bystander, notes }) => [
      [`../${bystander.pid}/environ`, `../..${notes}`, `../../..${notes}`],
    ],
    whyNot: ({ addonTrouble }) => addonTrouble,
  },
  trying('read-database', 'readDatabase', ({ database }) => database),
  trying('attach-database', 'attachDatabase', ({ database }) => database),
  onlyNode(trying('read-by-copy', 'readByCopy', notes)),
  onlyNode(trying('read-in-thread', 'readInThread', notes)),
  onlyNode(trying('read-in-thread-with-flags', 'readInThreadWithFlags', notes)),
  onlyNode(trying('read-by-binding', 'readByBinding', notes)),
  onlyNode(
    trying('read-by-require', 'readByRequire', s => path.join(s.otherProject, 'settings.js')),
  ),
  onlyNode(
    trying('read-environment-file', 'readByEnvironmentFile', s =>
      path.join(s.otherProject, '.env'),
    ),
  ),
  onlyNode(trying('read-by-wasi', 'readByWASI', notes)),
  onlyNode(trying('read-by-debugger', 'readByInspector', notes)),
];

function firstHash(): string {
  try {
    return fs.readFileSync('/etc/shadow', 'utf8').split('\n')[0]!;
  } catch {
    return ''; // as for every user but root
  }
}
