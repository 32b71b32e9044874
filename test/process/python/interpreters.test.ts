import fs from 'node:fs';
import { expect, test } from 'vitest';
import { Project } from '../../support/project.ts';
import { describePython, pythonMain } from '../../support/python/pythonSession.ts';
import { sessionRequest, TestPool } from '../../support/sessions.ts';

/** A program that stands where the interpreter should be. */
function script(project: Project, body: string): string {
  const file = project.write('bin/python', `#!/bin/sh\n${body}\n`);
  fs.chmodSync(file, 0o755);
  return file;
}

function start(host: TestPool, executable: string) {
  return host.pool.prewarm(
    sessionRequest({ runtime: 'python', executable, workerPath: pythonMain }),
  );
}

const tooOld = `exec python3 -c '
import runpy, sys
sys.version_info = (3, 8, 2)
runpy.run_path(sys.argv[2], run_name="__main__")
' "$@"`;

describePython('a Python session', () => {
  test.each<[string, (project: Project) => string, RegExp]>([
    [
      'does not exist',
      project => project.path('gone'),
      /cannot be run.*greenroom\.python\.interpreter/u,
    ],
    ['is a folder', project => project.root, /cannot be run.*greenroom\.python\.interpreter/u],
    [
      'is too old',
      project => script(project, tooOld),
      /needs Python 3\.9 or later; this is 3\.8\.2/u,
    ],
    [
      'is no Python',
      project => script(project, 'echo "what?" >&2; exit 3'),
      /exit code 3; what\?/u,
    ],
  ])(
    'whose interpreter %s fails with the reason and leaves no process',
    async (_, interpreter, reason) => {
      await using host = new TestPool({ replacesLost: false });
      using project = new Project();
      await expect(start(host, interpreter(project))).rejects.toMatchObject({
        code: 'session.launch',
        message: expect.stringMatching(reason) as string,
      });
      expect(host.pool.sessions).toEqual([]);
    },
  );

  test('whose interpreter hangs at its start is given up in time', async () => {
    await using host = new TestPool({ startTimeoutMs: 100, replacesLost: false });
    using project = new Project();
    const hangs = script(project, 'exec sleep 60');
    await expect(start(host, hangs)).rejects.toMatchObject({
      code: 'session.launch',
      message: expect.stringContaining('no hello within 100 ms') as string,
    });
  });
});
