import { setTimeout as delay } from 'node:timers/promises';
import { comesTrue } from './comesTrue.ts';
import { HostileSession, type Runtime } from './hostileSession.ts';
import { end, strays } from './machineState.ts';
import type { Attempt, Outcome, Probe } from './probe.ts';
import { Scene } from './scene.ts';
import type { Tier } from './tiers.ts';

const settlingMs = 30;
const removalMs = 2_000;

export const runtimes: readonly Runtime[] = ['node', 'python'];

/** Tries probes in one tier. What one of them has spoiled is made anew for the next. */
export class Escape implements AsyncDisposable {
  private scene: Scene | undefined;
  private session: HostileSession | undefined;

  constructor(
    private readonly tier: Tier,
    private readonly runtime: Runtime,
  ) {}

  async try(probe: Probe): Promise<Outcome> {
    const scene = (this.scene ??= await Scene.open());
    const skipped = this.whyNot(probe, scene);
    if (skipped !== undefined) return { verdict: 'skipped', detail: skipped };
    if (probe.isHeavy || this.session?.isUsable === false) await this.closeSession();
    this.session ??= await HostileSession.open(this.tier, this.runtime, scene, probe.policy);
    const { session } = this;
    const answer = await session.attempt(probe.deed, probe.args(scene, session));
    const outcome = await this.judge(probe, { scene, session, answer });
    if (outcome.verdict === 'escaped') await this.clear();
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
  }

  private whyNot({ deed, whyNot }: Probe, scene: Scene): string | undefined {
    if (this.runtime === 'python' && scene.python === undefined) return 'there is no Python';
    if (this.runtime === 'node' && deed === 'systemCalls' && scene.addonTrouble) {
      return scene.addonTrouble;
    }
    return whyNot?.(scene);
  }

  private async judge(probe: Probe, attempt: Attempt): Promise<Outcome> {
    const { scene, answer } = attempt;
    const told = answer.kind === 'done' ? answer.text : answer.why;
    let harm = await probe.harm?.(attempt);
    if (probe.isHeavy) harm = (await this.leavings(attempt)) ?? harm;
    harm ??= await scene.harm(told);
    if (harm === undefined && answer.kind !== 'refused') {
      await delay(settlingMs); // signals arrive by themselves
      harm = await scene.harm(told);
    }
    if (harm !== undefined) return { verdict: 'escaped', detail: harm };
    const detail = told.slice(0, 200);
    return { verdict: answer.kind === 'refused' ? 'blocked' : 'contained', detail };
  }

  /** Ends the session, and looks for what it has left. */
  private async leavings({ scene, session }: Attempt): Promise<string | undefined> {
    await this.closeSession();
    // What has been killed is not gone at once: its memory and its namespaces are taken down first.
    if (!(await comesTrue(() => strays(scene.strayMark).length === 0, removalMs))) {
      const left = strays(scene.strayMark);
      left.forEach(end);
      return `${left.length} of its processes outlived it`;
    }
    return (await session.isRemoved(removalMs)) ? undefined : 'its files outlived it';
  }

  private async closeSession(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.[Symbol.asyncDispose]();
  }

  private async clear(): Promise<void> {
    await this.closeSession();
    const { scene } = this;
    this.scene = undefined;
    await scene?.[Symbol.asyncDispose]();
  }
}
