import fs from 'node:fs';
import process from 'node:process';
import type { Mechanism } from '../../server/shared/protocol/confinement.ts';
import { ConfinedTool, type Deed } from './confinedTool.ts';
import { TestPool } from './sessions.ts';

/** What a host is asked to do: to format `a.js` and `a.py` of a folder, and to look around. */
export interface HostTask {
  readonly workspace: string;
  readonly mechanism?: Mechanism;
  readonly interpreter?: string;
  readonly deeds: readonly Deed[];
}

export interface HostReport {
  readonly confinement: unknown;
  readonly formatted: readonly string[];
  /** Of a text so large that it takes another road, where there is one. */
  readonly largeLength: number;
  readonly outcomes: readonly unknown[];
  /** In place of all this. */
  readonly error?: { readonly code?: string; readonly message: string };
}

/** For users that are not the one of the tests, and machines that lack something: prints a {@link HostReport}. */
async function main({ workspace, mechanism, interpreter, deeds }: HostTask): Promise<HostReport> {
  await using host = new TestPool();
  const prettier = new ConfinedTool(host, workspace, { mechanism, needsScratch: true });
  const formatted = [await prettier.format('a.js')];
  if (interpreter !== undefined) {
    const black = new ConfinedTool(host, workspace, { mechanism, interpreter });
    formatted.push(await black.format('a.py'));
  }
  const { length: largeLength } = await prettier.format('a.js', 'a  =  1\n'.repeat(50_000));
  const { confinement } = await host.seen('ready');
  return { confinement, formatted, largeLength, outcomes: await prettier.peek(...deeds) };
}

const told = await main(JSON.parse(process.argv[2]!) as HostTask).catch((error: unknown) => {
  const { code, message } = error as Error & { code?: string };
  return { error: { code, message } };
});
fs.writeSync(1, JSON.stringify(told));
process.exit();
