import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { measure, type Effort, type Measured } from './measure.ts';
import type { Regime } from './regimes/regime.ts';

/** Stands before the arguments of a process that measures one regime. */
const marker = 'measure-apart';

/**
 * Measures a regime in a process of its own. In one that has measured others, the engine has compiled what
 * all sides have in common for what those did; harnesses of other languages begin each benchmark anew for
 * the same reason. Throws when that process ends before it is done.
 */
export async function measureApart(name: string, effort: Effort): Promise<Measured> {
  const args = [marker, name, JSON.stringify(effort)];
  const child = fork(process.argv[1]!, args, { serialization: 'advanced' });
  const exited = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`what measured ${name} ended early: ${String(code ?? signal)}`);
  });
  exited.catch(() => undefined); // which it does also when it is done
  const [measured] = (await Promise.race([once(child, 'message'), exited])) as [Measured];
  return measured;
}

/** Whether this is such a process; it has told the other one what it measured then. */
export async function hasMeasuredApart(regimes: readonly Regime[]): Promise<boolean> {
  const [is, name, effort = ''] = process.argv.slice(2);
  if (is !== marker) return false;
  process.on('disconnect', () => process.exit(1)); // the one that asked for it has ended
  const regime = regimes.find(one => one.name === name)!;
  const measured = await measure(regime, JSON.parse(effort) as Effort);
  await new Promise(resolve => process.send!(measured, resolve));
  return true;
}
