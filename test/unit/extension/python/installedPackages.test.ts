import fs from 'node:fs';
import { expect, test } from 'vitest';
import { findInstalled } from '../../../../extension/python/installedPackages.ts';
import { Project } from '../../../support/project.ts';

const site = 'venv/lib/python3.12/site-packages';

test('what is installed for an interpreter changes with every package, and with nothing else', async () => {
  using disk = new Project({
    'venv/bin/python3.12': '',
    'venv/pyvenv.cfg': '',
    [`${site}/black-24.1.0.dist-info/METADATA`]: '',
    [`${site}/six.py`]: '',
  });
  const find = () => findInstalled(disk.path('venv/bin/python3.12'));
  const first = await find();
  disk.write(`${site}/__pycache__/six.cpython-312.pyc`, '');
  expect(await find()).toEqual(first);
  fs.renameSync(
    disk.path(`${site}/black-24.1.0.dist-info`),
    disk.path(`${site}/black-24.2.0.dist-info`),
  );
  const updated = await find();
  expect(updated).toEqual({
    ...first,
    packages: expect.not.stringMatching(first.packages) as string,
  });
  disk.write(`${site}/__editable__.own-1.0.pth`, '');
  expect((await find()).packages).not.toBe(updated.packages);
});
