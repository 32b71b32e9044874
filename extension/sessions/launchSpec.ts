import { isDeepStrictEqual } from 'node:util';
import { GreenroomError } from '../../server/shared/errors.ts';
import type { ConfinementWish } from '../confinement/confinementPlan.ts';
import type { ToolInfo } from '../../server/shared/protocol/events.ts';
import type { Environment } from '../confinement/environment.ts';
import { typeNameOf, type PassingPolicy } from '../../server/shared/rpc/values/policy.ts';

/** A program that is no worker of ours: a language server, which speaks over its standard streams. */
export interface ServerProgram {
  readonly name: string;
  /** As far as it is known before the server says it. */
  readonly version?: string;
  readonly origin: ToolInfo['origin'];
  /** What it is written for; a Node program is run by the Node that starts the session. */
  readonly runtime: 'node' | 'python' | 'other';
  /** Absolute, or a name to be found on the `PATH`; absent for a Node program. */
  readonly program?: string;
  readonly args: readonly string[];
}

/** Everything that decides what kind of process a session gets. */
export interface LaunchSpec {
  /** What the worker is written for; Node if absent, and for servers. */
  readonly runtime?: 'node' | 'python';
  /** What the worker becomes once it has measured itself. */
  readonly server?: ServerProgram;
  /** Program that runs the worker: the host's own, as plain Node, or the user's Node or Python. */
  readonly executable: string;
  /** The worker's bundle, or the entry of the Python worker. */
  readonly workerPath: string;
  readonly cwd: string;
  readonly environment: Environment;
  /** Resident memory beyond which the session is ended, in MiB. */
  readonly memoryLimitMb: number;
  /** What holds for objects that cross, beyond their nature. */
  readonly passing?: PassingPolicy;
  /** What it may touch; everything that the user may, when absent. */
  readonly confinement?: ConfinementWish;
  /** How long a session without leases stays warm. */
  readonly keepaliveMs: number;
}

/** Throws `session.conflict`, naming what is there and what was asked for. `label` is for people. */
export function assertSameLaunch(label: string, running: LaunchSpec, asked: LaunchSpec): void {
  // Another runtime is another program and another worker: that need not be said as well.
  const isOther = running.runtime !== asked.runtime && !running.server && !asked.server;
  const differences = isOther
    ? differencesOf({ runtime: running.runtime }, { runtime: asked.runtime })
    : differencesOf(running, asked);
  if (differences.length === 0) return;
  throw new GreenroomError(
    'session.conflict',
    `a session with the share key '${label}' runs with other options: ${differences.join('; ')}`,
  );
}

function differencesOf(running: object, asked: object, prefix = ''): string[] {
  return Object.keys({ ...running, ...asked }).flatMap(field => {
    const [one, other] = [running, asked].map(all => (all as Record<string, unknown>)[field]);
    if (isDeepStrictEqual(one, other) || field === 'workspace') return []; // that is told as `cwd`
    const isParted = (field === 'confinement' || field === 'server') && one && other;
    if (isParted) return differencesOf(one, other, `${field}.`);
    const { name, tell } = words[field] ?? { name: field, tell: tellPlainly };
    const [is, wanted] = [tell(one), tell(other)];
    const others = is === wanted ? 'others of the same names' : wanted;
    return [`${prefix}${name} is ${is}, asked for ${others}`];
  });
}

/** Where a field has another name for callers, or another value. */
const words: Readonly<Record<string, { name: string; tell: (value: unknown) => string }>> = {
  passing: { name: 'policies', tell: rules => describePassing(rules as PassingPolicy | undefined) },
  demands: {
    name: 'mode',
    tell: demands => ((demands as readonly unknown[]).length > 0 ? 'required' : 'preferred'),
  },
  confinement: { name: 'confinement', tell: wish => (wish ? 'on' : 'off') },
  runtime: { name: 'runtime', tell: name => tellPlainly(name ?? 'node') },
  // Its values may be private; which ones are set is enough to find the difference.
  environment: { name: 'environment', tell: set => `[${Object.keys(set as object).join(', ')}]` },
};

function tellPlainly(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
}

function describePassing(policy: PassingPolicy | undefined): string {
  if (!policy) return 'none';
  const { types, objects } = policy;
  const rules = types.map(rule => `${typeNameOf(rule)} by ${rule.passing}`);
  return `[${[...rules, ...(objects ? [`objects by ${objects}`] : [])].join(', ')}]`;
}
