import process from 'node:process';
import { parseProbe, probeVariable, type Forbidden } from '../shared/protocol/confinement.ts';

/** What it could do; undefined when nobody asks. Tools do not find the question among their variables. */
export async function probeIfAsked(): Promise<Forbidden[] | undefined> {
  const probe = parseProbe(process.env[probeVariable]);
  if (!probe) return undefined;
  delete process.env[probeVariable];
  const { probeSelf } = await import('./selfProbe.ts');
  return probeSelf(probe);
}
