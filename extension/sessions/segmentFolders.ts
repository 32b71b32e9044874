import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { leaveWill } from './lastWill.ts';

const prefix = 'greenroom-';

/** Where files are memory: Linux has it, elsewhere there is none and large bytes take the pipe. */
const sharedMemory = '/dev/shm';

/**
 * Folders of shared memory, one for each session, in one for this process. What a process leaves
 * behind that is killed goes by its {@link leaveWill will}, or with the next one that starts.
 */
export class SegmentFolders {
  private readonly root: string;
  private home: string | undefined;
  private isTried = false;

  constructor(root: string = sharedMemory) {
    this.root = path.resolve(root);
  }

  /** A new folder that only this user can reach, or undefined where there is no shared memory. */
  open(session: string): string | undefined {
    this.prepare();
    if (this.home === undefined) return undefined;
    const folder = path.join(this.home, session);
    try {
      fs.mkdirSync(folder, { mode: 0o700 });
      return folder;
    } catch {
      return undefined; // the pipe carries everything then
    }
  }

  remove(folder: string): void {
    try {
      fs.rmSync(folder, { recursive: true, force: true });
    } catch {
      // Whoever could write there may have made it hard; the next look for leftovers tries again.
    }
  }

  readonly dispose = (): void => {
    process.off('exit', this.dispose);
    if (this.home !== undefined) this.remove(this.home);
    this.home = undefined;
    this.isTried = false;
  };

  private prepare(): void {
    if (this.isTried) return;
    this.isTried = true;
    if (process.platform !== 'linux') return;
    try {
      this.sweep();
      const owner = `${process.pid}-${startOf(process.pid)}-${namespaceOfIds()}`;
      const home = path.join(this.root, `${prefix}${owner}-${randomUUID()}`);
      fs.mkdirSync(home, { mode: 0o700 });
      process.once('exit', this.dispose);
      this.home = home;
      leaveWill([home]);
    } catch {
      // No shared memory here, or none that may be written.
    }
  }

  private sweep(): void {
    // A container may share the memory, and not the ids of processes: what runs there is not seen from here.
    const ours = new RegExp(`^${prefix}(\\d+)-(\\d+)-${namespaceOfIds()}-`, 'u');
    for (const name of fs.readdirSync(this.root)) {
      const owner = ours.exec(name);
      if (!owner || startOf(Number(owner[1])) === owner[2]) continue;
      const folder = path.join(this.root, name);
      const stats = fs.lstatSync(folder, { throwIfNoEntry: false }); // another host may sweep as well
      if (stats?.uid === process.getuid?.()) this.remove(folder);
    }
  }
}

/** When a process was started, in ticks since boot: with its id, a name that nobody else has had. */
function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in parentheses, may hold anything; the times come behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // it has ended
  }
}

/** Where ids of processes mean the same as here, by number. */
function namespaceOfIds(): string {
  return /\d+/u.exec(fs.readlinkSync('/proc/self/ns/pid'))![0];
}
