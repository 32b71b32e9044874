import { expect, test } from 'vitest';
import { siteFolders } from '../../../../extension/python/sitePackages.ts';
import { Project } from '../../../support/project.ts';

const own = 'venv/lib/python3.12/site-packages';
const users = 'home/.local/lib/python3.12/site-packages';

test.each([
  ['include-system-site-packages = false\n', false],
  ['include-system-site-packages = true\n', true],
  [undefined, true],
])(
  'with the settings %j of an environment, the user’s packages count: %j',
  async (text, shared) => {
    using disk = new Project({
      'venv/bin/python3.12': '',
      [`${own}/a.py`]: '',
      [`${users}/b.py`]: '',
      ...(text === undefined ? {} : { 'venv/pyvenv.cfg': text }),
    });
    const folders = await siteFolders(disk.path('venv/bin/python3.12'), disk.path('home'));
    expect(folders.filter(folder => folder.startsWith(disk.root))).toEqual(
      [own, ...(shared ? [users] : [])].map(name => disk.path(name)),
    );
  },
);
