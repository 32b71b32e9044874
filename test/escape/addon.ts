import { spawnSync } from 'node:child_process';

/** Compiles code that runs outside of all runtimes; answers why that is not possible. */
export function compileAddon(source: string, addon: string): string | undefined {
  const { status, stderr, error } = spawnSync('cc', ['-shared', '-fPIC', '-o', addon, source], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `there is no compiler (${error?.message ?? stderr})`;
}
