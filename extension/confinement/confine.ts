import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {
  probeVariable,
  type Forbidden,
  type Mechanism,
  type Probe,
} from '../../server/shared/protocol/confinement.ts';
import { behindShim } from './behindShim.ts';
import { bubblewrapCommand } from './bubblewrap.ts';
import { canaryFile, canaryFolders } from './canary.ts';
import type { Command, ConfinementPlan, ConfinementWish } from './confinementPlan.ts';
import { countedBeside } from './countedBeside.ts';
import { dyingWithHost } from './dieWithHost.ts';
import { landlockCommand, landlockEnvironment } from './landlock.ts';
import { findProgram } from './findProgram.ts';
import { examineMachine, type Finding, type Machine } from './machine.ts';
import { unconfined } from './measured.ts';
import { permissionModelFlags } from './permissionModel.ts';
import { resolvePlan, type Confined } from './resolvePlan.ts';
import { seatbeltCommand } from './seatbelt.ts';
import { isKnownArchitecture, seccompProgram, type Architecture } from './seccompProgram.ts';

/** A process as it is to be started: everything that starts one goes through here. */
export interface ConfinedStart extends Command {
  readonly mechanism: Mechanism;
  readonly granted: readonly Forbidden[];
  readonly hasScratch?: boolean;
  /** Beside what the caller gives it. */
  readonly environment: Readonly<Record<string, string>>;
  /** To be written to {@link filterDescriptor}, and that to be closed. */
  readonly filter?: Uint8Array;
  /** Folders that are to go, should the host be killed before it has removed them. */
  readonly leftovers: readonly string[];
  /** Takes away what was made for it; to be called when its process has gone. */
  readonly remove: () => Promise<void>;
  /** Why it is no stronger one, and what to do about it, for a person. */
  readonly shortfall?: string;
}

/** Chooses the strongest mechanism that the machine has for it, and builds its arguments. */
export async function confine(
  asked: Command,
  wish: ConfinementWish | undefined,
  { searchPath, segments, ...worker }: Worker,
): Promise<ConfinedStart> {
  if (!wish) return { ...(await dyingWithHost(asked)), ...free };
  const found = await findProgram(asked.program, searchPath);
  const program = await behindShim(found, wish.workspace, searchPath);
  const command: Command = { program, args: asked.args };
  const confined = { ...worker, program };
  const machine = await examineMachine(launcherNear(confined.workerPath));
  const mechanism = wish.mechanism ?? strongest(machine, confined);
  const why = whyNoBetter(machine);
  const shortfall = mechanism === 'bubblewrap' || why === '' ? {} : { shortfall: why };
  if (mechanism === 'none') {
    // Before anything runs: what is in a project's interpreter comes before every probe.
    if (wish.demands.length > 0) throw unconfined(wish.demands, why);
    return { ...(await dyingWithHost(command)), ...free, ...shortfall };
  }
  const folder = wish.needsScratch && mechanism !== 'bubblewrap' ? makeScratch() : undefined;
  const remove = async () => {
    if (folder !== undefined) await fs.promises.rm(folder, { recursive: true, force: true });
  };
  try {
    const writable = [segments, folder].filter(place => place !== undefined);
    const scratch = folder ?? privateScratch(wish);
    const plan = await resolvePlan(wish, { ...confined, scratch, writable });
    return {
      ...(await build[mechanism](command, plan, machine)),
      ...shortfall,
      mechanism,
      granted: wish.needsChildren ? ['spawn'] : [],
      hasScratch: wish.needsScratch,
      environment: { ...probing(wish), ...scratchVariables(scratch), ...landlockEnvironment },
      leftovers: [...canaryFolders(), ...(folder === undefined ? [] : [folder])],
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The worker that is to be confined. */
export interface Worker extends Omit<Confined, 'scratch' | 'writable' | 'program'> {
  /** Its shared memory. */
  readonly segments: string | undefined;
  /** Where programs are that have no path: a `PATH`. */
  readonly searchPath: string | undefined;
}

type Builder = (
  command: Command,
  plan: ConfinementPlan,
  machine: Machine,
) => Promise<Command & { readonly filter?: Uint8Array }>;

const build: Readonly<Record<Exclude<Mechanism, 'none'>, Builder>> = {
  bubblewrap: async (command, plan, { bubblewrap, system }) => {
    const filter = filterFor(plan);
    const hasFilter = filter !== undefined;
    const { limits } = plan;
    const processes = limits.processes + (plan.needsChildren ? await countedBeside() : 0);
    const bounded = { ...plan, limits: { ...limits, processes } };
    const start = bubblewrapCommand(working(bubblewrap), command, bounded, system, hasFilter);
    return { ...start, ...(filter && { filter }) };
  },
  landlock: async (command, plan, { system, launcher }) => {
    const architecture = knownArchitecture();
    const parent = process.pid;
    return landlockCommand(command, {
      ...plan,
      system: system.real,
      launcher,
      architecture,
      parent,
    });
  },
  seatbelt: async (command, plan) => seatbeltCommand(command, plan),
  permissionModel: async ({ program, args }, plan) =>
    dyingWithHost({ program, args: [...permissionModelFlags(hostNodeMajor, plan), ...args] }),
};

/** Nothing is asked of the operating system. */
const free = {
  mechanism: 'none',
  granted: [],
  environment: {},
  leftovers: [],
  remove: () => Promise.resolve(),
} as const;

/** Where bubblewrap puts private memory: elsewhere for somebody who works in the usual place. */
function privateScratch({ workspace }: ConfinementWish): string {
  return fs.realpathSync(workspace) === '/tmp' ? '/var/tmp' : '/tmp';
}

const hostNodeMajor = Number(process.versions.node.split('.')[0]);

/** Only of the host's own Node is it known what it can be asked for. */
function strongest(
  machine: Machine,
  { runtime, program, becomes }: Pick<Confined, 'runtime' | 'program' | 'becomes'>,
): Mechanism {
  if (machine.bubblewrap.works) return 'bubblewrap';
  if (machine.landlock.works) return 'landlock';
  if (machine.seatbelt.works) return 'seatbelt';
  const isHostsNode = runtime === 'node' && program === process.execPath && !becomes;
  return isHostsNode ? 'permissionModel' : 'none';
}

function whyNoBetter({ bubblewrap, landlock, seatbelt }: Machine): string {
  const own = { linux: [bubblewrap, landlock], darwin: [seatbelt] }[process.platform as 'linux'];
  if (!own) return 'there is no mechanism for this system but the permission model of Node';
  return own.flatMap(one => (one.works ? [] : [one.why])).join('; ');
}

function working(finding: Finding): Finding & { readonly works: true } {
  if (finding.works) return finding;
  throw new Error(finding.why);
}

function filterFor({ needsChildren }: ConfinementPlan): Uint8Array | undefined {
  const { arch } = process;
  if (!isKnownArchitecture(arch)) return undefined;
  return seccompProgram(needsChildren ? 'children' : 'noChildren', arch);
}

function knownArchitecture(): Architecture {
  const { arch } = process;
  if (isKnownArchitecture(arch)) return arch;
  throw new Error(`there is no filter of system calls for ${arch}`);
}

/** The launcher lies beside the worker's bundle; the Python worker has a folder there. */
function launcherNear(workerPath: string): string {
  const folder = path.dirname(workerPath);
  const places = [folder, path.dirname(folder)].map(place => path.join(place, 'landlock.pl'));
  return places.find(place => fs.existsSync(place)) ?? places[0]!;
}

function makeScratch(): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-scratch-')));
}

function scratchVariables(scratch: string): Readonly<Record<string, string>> {
  return {
    TMPDIR: scratch,
    TEMP: scratch,
    TMP: scratch,
    XDG_CACHE_HOME: path.join(scratch, 'cache'),
    PYTHONDONTWRITEBYTECODE: '1', // what is read-only cannot keep compiled files
  };
}

function probing({ workspace }: ConfinementWish): Readonly<Record<string, string>> {
  const probe: Probe = { read: canaryFile(), write: workspace };
  return { [probeVariable]: JSON.stringify(probe) };
}
