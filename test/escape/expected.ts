import fs from 'node:fs';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';
import type { Results } from './matrix.ts';
import type { Outcome } from './probe.ts';
import type { Tier } from './tiers.ts';

/** Why, by the names of probes. */
type Exceptions = Readonly<Record<string, string>>;

/** What a mechanism is known not to hold back; SECURITY.md says it to users. */
export const gaps = {
  bubblewrap: {},
  landlock: {
    'stat-home': 'Landlock does not know of asking whether a file is there, and of what size',
    'read-link-of-home': 'nor of reading where a link leads',
    disk: 'temporary files are in a folder of the disk, which has no size of its own',
    'shared-memory': 'nor has the folder of shared memory',
  },
} as const satisfies Partial<Record<Mechanism, Exceptions>>;

/** What may be held back although nothing confines: by what we do for every session, or by the machine. */
const heldAnyway: Exceptions = {
  'own-environment': 'no session is given more than some variables',
  'read-descriptors': 'no session is left more than its own channels',
  memory: 'it is watched from outside',
  'memory-of-child': 'its children are, too',
  processor: 'it is watched from outside',
  'processor-of-child': 'its children are, too',
  'fork-bomb':
    'and so is how many they are; those that keep the marks of their session end with it',
  'make-writable': 'a workspace is a mount of its own in bubblewrap only',
  'open-disk': 'containers have no disks, and users no devices',
  'read-by-first-root': 'the first process may have privileges that this one lacks',
};

const root = 'it is for root';
const yama = 'Yama may keep processes from those that they have not started';

/** As well, for users, and for root where it lacks privileges, as in most containers. */
const heldFromUsers: Exceptions = {
  'change-kernel-settings': root,
  'become-root-by-su': 'a user has to know the password',
  'become-root-by-sudo': 'a user has to know the password',
  'enter-namespaces': root,
  'join-other-namespace': root,
  'start-in-new-namespace': 'systems may keep user namespaces from users',
  mount: root,
  'open-by-handle': root,
  'change-root': root,
  'io-uring': 'systems may keep it from users',
  'leave-key': 'containers have no keys of their own',
  'type-into-terminal': root,
  'packet-socket': root,
  'kernel-program': root,
  'create-beside-worker': 'a user may not own what is installed',
  'trace-other-process': yama,
  'read-other-memory': yama,
  'change-other-memory': yama,
  'call-read-other-memory': yama,
  'call-change-other-memory': yama,
  'take-other-descriptor': yama,
};

/**
 * Outcomes that should have been others. Where nothing confines, every probe shows that it can escape:
 * one that cannot would prove nothing anywhere else.
 */
export function surprises({ name, mechanism }: Tier, results: Results): readonly string[] {
  if (name === 'none') {
    const held = isPrivileged() ? heldAnyway : { ...heldAnyway, ...heldFromUsers };
    return named(
      results,
      held,
      ['blocked', 'contained'],
      'does not escape though nothing confines',
    );
  }
  // Nothing is promised for these: SECURITY.md says how much they let through.
  if (mechanism === 'none' || mechanism === 'permissionModel') return [];
  const known: Partial<Record<Mechanism, Exceptions>> = gaps;
  return named(results, known[mechanism] ?? {}, ['escaped'], 'escapes');
}

function named(
  results: Results,
  exceptions: Exceptions,
  verdicts: readonly Outcome['verdict'][],
  words: string,
): readonly string[] {
  const isException = (name: string) => Object.hasOwn(exceptions, name.replace(/^\w+\//u, ''));
  return [...results]
    .filter(([name, { verdict }]) => verdicts.includes(verdict) && !isException(name))
    .map(([name, { detail }]) => `${name} ${words} (${detail})`);
}

/** Whether this process has the privilege that most others come with: CAP_SYS_ADMIN. */
function isPrivileged(): boolean {
  const status = fs.readFileSync('/proc/self/status', 'latin1');
  const [, capabilities = '0'] = /^CapEff:\s*(\w+)$/mu.exec(status) ?? [];
  return ((BigInt(`0x${capabilities}`) >> 21n) & 1n) === 1n;
}
