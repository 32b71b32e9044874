import { thisProgram } from '../../../server/shared/protocol/thisProgram.ts';
import { behindShim } from '../../confinement/behindShim.ts';
import type { Command } from '../../confinement/confinementPlan.ts';
import { findProgram } from '../../confinement/findProgram.ts';
import type { LaunchSpec, ServerProgram } from '../launchSpec.ts';

/** A server's program by its whole path. */
export interface ResolvedServer extends Command {
  readonly runtime: ServerProgram['runtime'];
}

/** What the worker is to become; undefined when it stays what it is. */
export async function resolveServer({
  server,
  cwd,
  environment,
  memoryLimitMb,
}: LaunchSpec): Promise<ResolvedServer | undefined> {
  if (!server) return undefined;
  const { program, args, runtime } = server;
  if (program === undefined) {
    const flags = [`--max-old-space-size=${memoryLimitMb}`];
    return { program: thisProgram, args: [...flags, ...args], runtime };
  }
  const searchPath = environment['PATH'];
  const found = await findProgram(program, searchPath);
  return { program: await behindShim(found, cwd, searchPath), args, runtime };
}
