import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import process from 'node:process';

/** The variable by which everything that a host has started, however indirectly, is told from the rest. */
export const hostVariable = 'GREENROOM_HOST';

/**
 * Waits for the end of its input, which comes with the end of the host, and ends what has been left. A
 * process that is being started may not show its environment yet, so it looks twice. Then the folders go
 * that it has read the names of, one a line.
 */
const script = `
left=$(cat)
for look in 1 2; do
  for file in $(grep -lsF "$1" /proc/[0-9]*/environ); do
    pid="\${file#/proc/}"; pid="\${pid%/environ}"
    [ "$pid" = "$$" ] || kill -KILL "$pid" 2>/dev/null
  done
  sleep 0.2
done
printf '%s\\n' "$left" | while IFS= read -r folder; do
  case "$folder" in /*) rm -rf -- "$folder";; esac
done`;

let mark: string | undefined;
let watcher: ChildProcess | undefined;
const told = new Set<string>();

/**
 * Makes sure that nothing outlives this process, however it ends: not the tools' children either, nor
 * daemons, which no signal of the kernel reaches. Answers with the value of {@link hostVariable} for
 * what is to be ended. Linux only: elsewhere the environment of other processes cannot be read.
 *
 * `leftovers` are folders that nobody needs then.
 */
export function leaveWill(leftovers: readonly string[] = []): string {
  mark ??= writeWill();
  for (const folder of leftovers) {
    if (told.has(folder) || folder.includes('\n')) continue;
    told.add(folder);
    watcher?.stdin?.write(`${folder}\n`);
  }
  return mark;
}

function writeWill(): string {
  const mark = randomUUID();
  if (process.platform === 'linux') {
    watcher = spawn('/bin/sh', ['-c', script, 'greenroom', `${hostVariable}=${mark}`], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
      detached: true, // whatever ends the host's group must not end it first
      cwd: '/',
    });
    watcher.on('error', () => undefined); // without a shell, the kernel's signal is all there is
    watcher.stdin?.on('error', () => undefined);
    watcher.unref();
    (watcher.stdin as unknown as { unref(): void } | undefined)?.unref();
  }
  return mark;
}
