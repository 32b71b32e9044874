import fs from 'node:fs';
import { expect, test } from 'vitest';
import { tryBubblewrap } from '../../../extension/confinement/machine.ts';
import { Project } from '../../support/project.ts';

/** A program that stands where bubblewrap is looked for. */
function program(folder: Project, script: string): string {
  const file = folder.write('bwrap', `#!/bin/sh\n${script}\n`);
  fs.chmodSync(file, 0o755);
  return file;
}

const linux = test.skipIf(process.platform !== 'linux');

linux('bubblewrap that is not there is told of, with the package to install', async () => {
  using folder = new Project();
  expect(await tryBubblewrap([folder.path('nowhere')])).toEqual({
    works: false,
    why: expect.stringMatching(/not installed; the package is called bubblewrap/u) as string,
  });
});

linux('bubblewrap that the system forbids is told of in its own words', async () => {
  using folder = new Project();
  const denied = 'echo "bwrap: No permissions to create new namespace" >&2; exit 1';
  expect(await tryBubblewrap([program(folder, denied)])).toMatchObject({
    works: false,
    why: expect.stringMatching(/No permissions to create new namespace.*may forbid/u) as string,
  });
});

linux('bubblewrap that hangs is given up and ended', async () => {
  using folder = new Project();
  const hangs = program(folder, `echo $$ > ${folder.path('pid')}; exec sleep 600`);
  expect(await tryBubblewrap([hangs], 1_000)).toMatchObject({
    works: false,
    tookTooLong: true,
    why: expect.stringContaining('did not end within 1 s') as string,
  });
  const pid = Number(folder.read('pid'));
  await expect.poll(() => fs.existsSync(`/proc/${pid}`)).toBe(false);
});

linux('the first bubblewrap that is there is tried', async () => {
  using folder = new Project();
  const works = program(folder, 'exit 0');
  expect(await tryBubblewrap([folder.path('nowhere'), works])).toMatchObject({
    works: true,
    program: works,
  });
});

linux('bubblewrap that is too old to forbid namespaces inside is used without that', async () => {
  using folder = new Project();
  const old = `case "$*" in *--disable-userns*) echo "bwrap: Unknown option --disable-userns" >&2; exit 1;; esac`;
  const older = program(folder, old);
  expect(await tryBubblewrap([older])).toEqual({ works: true, program: older, flags: [] });
});
