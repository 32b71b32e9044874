import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { explainUnseenLink } from '../../../../server/worker/unseenLinks.ts';
import { Project } from '../../../support/project.ts';

/** A link to something that is not there: for a confined process, all that it is not shown. */
function link(project: Project, name: string, target: string): string {
  const file = project.path(name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.symlinkSync(target, file);
  return file;
}

test.each([
  ['packages/a/node_modules/plugin', "Cannot find package 'plugin' imported from /x/noop.js"],
  ['node_modules/@my/plugin', 'Cannot find module "@my/plugin"'],
])('a package that %s leads away from is told of, with what to do', (name, message) => {
  using project = new Project({ 'packages/a/index.js': '' });
  const file = link(project, name, '/elsewhere/plugin');
  const explained = explainUnseenLink(message, project.path('packages/a'));
  expect(explained).toContain(`${message}. ${file} leads to /elsewhere/plugin, `);
  expect(explained).toContain('greenroom.sessions.readableFolders');
});

test('a path that a link is a part of is told of', () => {
  using project = new Project();
  const file = link(project, 'shared', '../elsewhere');
  const message = `EACCES: permission denied, open '${file}/rules/index.js'`;
  const target = path.resolve(project.root, '../elsewhere');
  expect(explainUnseenLink(message, project.root)).toContain(`${file} leads to ${target}, `);
});

test.each(["Cannot find package 'plugin'", "'node_modules' and 'real' are 'quoted'", 'plain'])(
  'what has nothing to do with links stays as it is: %s',
  message => {
    using project = new Project({ 'node_modules/real/index.js': '', 'store/linked/index.js': '' });
    link(project, 'node_modules/quoted', '../store/linked');
    expect(explainUnseenLink(message, project.root)).toBe(message);
  },
);
