import { spawnSync } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { workerPath } from '../support/sessions.ts';
import { Bystander } from './bystander.ts';
import { leakDescriptors } from '../support/leakedDescriptors.ts';
import { compileAddon } from './addon.ts';
import type { Runtime } from './hostileSession.ts';
import { Keeper } from './keeper.ts';
import { Listeners } from './listeners.ts';
import { machineHarm } from './machineState.ts';
import { stateOf } from './stateOf.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/hostile');
const sharedMemory = '/dev/shm';

/** A user's machine in small, with what must be neither learned nor changed. */
export class Scene implements AsyncDisposable {
  /** Only what is kept from sessions has it in it. */
  readonly secret = `secret-${randomUUID()}`;
  /** The name of a file at home. */
  readonly secretName = `name-${randomUUID()}`;
  /** How long that file is. */
  readonly secretLength = randomInt(100_000, 1_000_000);
  readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'scene-')));
  readonly home = path.join(this.root, 'home');
  readonly workspace = path.join(this.home, 'work/mine');
  readonly otherProject = path.join(this.home, 'work/other');
  /** What nobody but the user may read or change. */
  readonly notes = path.join(this.home, 'notes.txt');
  readonly database = path.join(this.home, 'kept.db');
  readonly hasSharedMemory = fs.existsSync(sharedMemory);
  readonly shared = path.join(this.hasSharedMemory ? sharedMemory : this.root, this.secretName);
  /** Files that are not there. */
  readonly traces = [os.tmpdir(), path.dirname(this.shared), path.dirname(workerPath)].map(folder =>
    path.join(folder, `trace-${randomUUID()}`),
  ) as [string, string, string];
  readonly keyName = `key-${randomUUID()}`;
  readonly queueKey = randomInt(1, 2 ** 31);
  /** For how long processes sleep that should not be left. */
  readonly strayMark = `3600.${randomInt(2 ** 31)}`;
  readonly python = findPython();
  readonly addon = path.join(this.workspace, 'addon.node');
  readonly addonTrouble: string | undefined;
  readonly listeners: Listeners;
  readonly bystander: Bystander;
  readonly keeper: Keeper | undefined;
  /** What this process has open, and whatever it starts would inherit. */
  private leaks: Disposable | undefined;
  private readonly homeBefore = process.env['HOME'];
  private before = '';

  private constructor() {
    const { secret, home, workspace, otherProject, notes, python } = this;
    this.write(notes, secret);
    this.write(path.join(home, '.ssh/id_ed25519'), secret);
    this.write(path.join(home, this.secretName), 'x'.repeat(this.secretLength));
    this.write(path.join(otherProject, '.env'), `TOKEN=${secret}`);
    this.write(path.join(otherProject, 'settings.js'), `'${secret}`);
    this.write(path.join(workspace, 'package.json'), '{}');
    this.write(path.join(workspace, 'source.js'), 'export const value = 1;\n');
    this.write(path.join(this.shared, 'memory'), secret);
    fs.cpSync(fixtures, path.join(workspace, 'hostile'), { recursive: true });
    fs.symlinkSync(notes, path.join(workspace, 'link.txt'));
    fs.symlinkSync(home, path.join(workspace, 'linked'));
    fs.symlinkSync(`/nowhere/${secret}`, path.join(home, 'bookmark'));
    const database = new DatabaseSync(this.database);
    database.exec(`CREATE TABLE kept (text); INSERT INTO kept VALUES ('${secret}')`);
    database.close();
    this.addonTrouble = compileAddon(path.join(fixtures, 'addon.c'), this.addon);
    // What this program takes for the user's own, as its sessions and their confinement do.
    process.env['HOME'] = home;
    process.env['ESCAPE_SECRET'] = secret;
    this.listeners = new Listeners(this.root, workspace);
    this.bystander = new Bystander(home, secret, notes);
    if (python !== undefined) this.keeper = new Keeper(python, path.join(this.root, 'datagrams'));
  }

  static async open(): Promise<Scene> {
    const scene = new Scene();
    const { listeners, bystander, keeper } = scene;
    await Promise.all([listeners.opened, bystander.started(), keeper?.started]);
    if (scene.addonTrouble === undefined)
      scene.leaks = await leakDescriptors(scene.addon, '/', scene.notes);
    scene.before = scene.state;
    return scene;
  }

  toolFor(runtime: Runtime): string {
    return path.join(this.workspace, 'hostile', runtime === 'node' ? 'tool.mjs' : 'tool.py');
  }

  /** What is known that should not be, or is not as it was. */
  async harm(told: string): Promise<string | undefined> {
    if (told.includes(this.secret)) return 'it learned a secret';
    if (told.includes(this.secretName)) return 'it learned the name of a file';
    if (told.includes(String(this.secretLength))) return 'it learned the length of a file';
    const inMachine = machineHarm(this.root, this.keyName, this.queueKey);
    if (inMachine !== undefined) return inMachine;
    if (this.state !== this.before) return 'files were changed';
    if (this.traces.some(file => fs.existsSync(file))) return 'a file was left';
    return (await this.listeners.harm()) ?? (await this.keeper?.harm()) ?? this.bystander.harm();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.bystander.end();
    this.keeper?.end();
    this.leaks?.[Symbol.dispose]();
    await this.listeners.close();
    if (this.homeBefore === undefined) delete process.env['HOME'];
    else process.env['HOME'] = this.homeBefore;
    delete process.env['ESCAPE_SECRET'];
    spawnSync('umount', ['-q', path.join(this.home, 'work')]);
    spawnSync('ipcrm', ['-Q', String(this.queueKey)]);
    for (const place of [this.root, this.shared, ...this.traces]) {
      fs.rmSync(place, { recursive: true, force: true });
    }
  }

  private get state(): string {
    return JSON.stringify([stateOf(this.root), stateOf(this.shared)]);
  }

  private write(file: string, text: string): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode: 0o600 });
  }
}

export function whyNoSharedMemory({ hasSharedMemory }: Scene): string | undefined {
  return hasSharedMemory ? undefined : 'there is no shared memory';
}

/** The interpreter itself: what stands for it on the path may be a script. */
function findPython(): string | undefined {
  const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  });
  return stdout?.trim() || undefined;
}
