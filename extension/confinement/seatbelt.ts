import path from 'node:path';
import type { Command, ConfinementPlan } from './confinementPlan.ts';

/**
 * Runs the command under a Seatbelt profile that denies what it does not name: it reads the system's
 * libraries and what the plan shows, writes its own folders, has no network, and starts
 * no program, unless the tool needs children. Paths are parameters and never part of the profile.
 *
 * Unproven: written from Apple's own profiles and not yet run on a Mac. What it really denies is measured
 * from inside, as everywhere.
 */
export function seatbeltCommand(
  { program, args }: Command,
  plan: Pick<ConfinementPlan, 'readable' | 'writable' | 'needsChildren'>,
): Command {
  const parameters = new Parameters();
  const shown = [...plan.readable, program];
  const own = plan.writable;
  const profile = [
    base,
    `(allow file-read* ${parameters.each('subpath', [...shown, ...own])})`,
    `(allow file-read-metadata ${parameters.each('literal', foldersAbove([...shown, ...own]))})`,
    `(allow file-write* ${parameters.each('subpath', own)})`,
    `(allow file-map-executable ${parameters.each('subpath', shown)})`,
    // An interpreter may become another program of its installation; confined it stays.
    `(allow process-exec ${parameters.each('subpath', shown)})`,
    ...(plan.needsChildren ? [`(allow process-fork) (allow process-exec ${systemPrograms})`] : []),
  ].join('\n');
  return {
    program: '/usr/bin/sandbox-exec',
    args: ['-p', profile, ...parameters.definitions, program, ...args],
  };
}

/** Paths by the names they have in the profile. */
class Parameters {
  private readonly values: string[] = [];

  each(filter: 'subpath' | 'literal', paths: readonly string[]): string {
    return paths.map(path => `(${filter} (param "${this.nameOf(path)}"))`).join(' ');
  }

  get definitions(): string[] {
    return this.values.map((value, index) => `-D${toName(index)}=${value}`);
  }

  private nameOf(value: string): string {
    const known = this.values.indexOf(value);
    return toName(known >= 0 ? known : this.values.push(value) - 1);
  }
}

const toName = (index: number) => `PATH_${index}`;

/** Node asks for each of them when it finds out where a file really is. */
function foldersAbove(places: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const place of places) {
    let folder = place;
    do {
      folder = path.posix.dirname(folder);
      folders.add(folder);
    } while (folder !== '/' && folder !== '.');
  }
  return [...folders].sort();
}

const systemPrograms = '(subpath "/bin") (subpath "/usr/bin") (subpath "/usr/libexec")';

/** What every program needs to start; the services are those that Node's and Python's own calls ask. */
const base = `(version 1)
(deny default)
(allow file-read*
  (literal "/") (literal "/dev/null") (literal "/dev/zero")
  (literal "/dev/random") (literal "/dev/urandom")
  (literal "/private/etc/localtime") (literal "/private/etc/ssl/openssl.cnf")
  (subpath "/usr/lib") (subpath "/usr/share") (subpath "/bin") (subpath "/usr/bin")
  (subpath "/usr/libexec") (subpath "/System/Library") (subpath "/System/Cryptexes")
  (subpath "/System/Volumes/Preboot/Cryptexes") (subpath "/Library/Apple")
  (subpath "/private/var/db/timezone") (subpath "/private/var/db/dyld"))
(allow file-map-executable
  (subpath "/usr/lib") (subpath "/System/Library") (subpath "/System/Cryptexes")
  (subpath "/System/Volumes/Preboot/Cryptexes") (subpath "/Library/Apple"))
(allow file-read-metadata
  (literal "/etc") (literal "/tmp") (literal "/var") (literal "/private")
  (literal "/private/etc") (literal "/private/var") (literal "/private/tmp"))
(allow file-write-data (literal "/dev/null") (literal "/dev/zero"))
(allow sysctl-read)
(allow process-info* (target self))
(allow signal (target self))
(allow mach-lookup
  (global-name "com.apple.system.logger")
  (global-name "com.apple.system.notification_center")
  (global-name "com.apple.system.opendirectoryd.libinfo"))`;
