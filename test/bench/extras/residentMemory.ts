import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { usageOf } from '../../../extension/sessions/processUsage.ts';
import { Project } from '../../support/project.ts';
import { PrettierSession } from '../../support/prettierSessions.ts';
import { typeScriptSample } from '../sample.ts';
import { sessionRequest, TestPool } from '../../support/sessions.ts';

const mebibyte = 1024 * 1024;

/** Resident memory of idle processes, in MiB. */
export async function residentMemory(): Promise<Readonly<Record<string, number>>> {
  await using host = new TestPool();
  using project = new Project({ 'sample.ts': typeScriptSample });
  await host.pool.prewarm(sessionRequest());
  const session = new PrettierSession(host, project);
  await session.warm('sample.ts');
  const [worker, withPrettier] = host.pids;
  return {
    'bare Node': await bareNode(),
    'idle worker': await residentMb(worker),
    'idle worker, warm for 1,000 lines of TypeScript': await residentMb(withPrettier),
  };
}

async function bareNode(): Promise<number> {
  const program = 'process.stdout.write("up"); setInterval(() => {}, 1000)';
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(child.stdout, 'data');
    return await residentMb(child.pid);
  } finally {
    child.kill();
  }
}

async function residentMb(pid: number | undefined): Promise<number> {
  return ((pid && (await usageOf(pid))?.residentBytes) || NaN) / mebibyte;
}
