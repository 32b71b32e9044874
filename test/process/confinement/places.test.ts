import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ConfinedTool, installPeeks, type ToolOptions } from '../../support/confinedTool.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { prettierPackages, Project } from '../../support/project.ts';
import { TestPool } from '../../support/sessions.ts';
import { setVariable } from '../../support/variables.ts';

const messy = 'a  =  1';
const formatted = 'a = 1;\n';
const denied = expect.toBeOneOf(['ENOENT', 'EACCES']) as unknown;

const moveHome = (folder: string) => setVariable('HOME', folder);
const moveTemporary = (folder: string) => setVariable('TMPDIR', folder);

/** Another view of a folder that cannot be written; undefined where this user may not have one. */
function mountReadOnly(folder: string, at: string): Disposable | undefined {
  const mount = (...args: string[]) => spawnSync('mount', args).status === 0;
  if (process.getuid?.() !== 0 || !mount('--bind', folder, at)) return undefined;
  mount('-o', 'remount,bind,ro', at);
  return { [Symbol.dispose]: () => void spawnSync('umount', [at]) };
}

function copyPrettier(to: string): string {
  fs.cpSync(prettierPackages[3].directory, to, { recursive: true });
  return to;
}

const pluginText = `
export const languages = [{ name: 'Up', parsers: ['up'], extensions: ['.up'] }];
const locStart = () => 0, locEnd = node => node.text.length;
export const parsers = { up: { astFormat: 'up', parse: text => ({ text }), locStart, locEnd } };
export const printers = { up: { print: path => path.node.text.toUpperCase() } };`;

const plugin = {
  'package.json': '{"name": "prettier-plugin-up", "type": "module", "exports": "./index.js"}',
  'index.js': pluginText,
};

function filesIn(folder: string, files: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]),
  );
}

describeMechanisms('a session that is confined', mechanism => {
  const open = (host: TestPool, workspace: string, options: Omit<ToolOptions, 'mechanism'> = {}) =>
    new ConfinedTool(host, workspace, { mechanism, ...options });

  test.each([
    ['spaces', 'two  words '],
    ['colons and commas', 'C:,a;b:c'],
    ['letters of other languages', 'größe 日本 ñ😀'],
    ['quotes and what shells read', `'a' "b" $(c) \`d\` *?[e] -f --`],
    ['a newline', 'one\ntwo'],
  ])('works in a folder whose name has %s', async (_, name) => {
    await using host = new TestPool();
    using disk = new Project({ [`${name}/a.js`]: messy, 'secret.txt': 'secret' });
    installPeeks(disk.path(name));
    const tool = open(host, disk.path(name));
    expect(await tool.format('a.js')).toBe(formatted);
    const place = disk.path(name, 'a.js');
    const outcomes = await tool.peek(['read', place], ['read', disk.path('secret.txt')]);
    expect(outcomes).toEqual([messy, denied]);
  });

  test.each([
    ['is a link', 'opened', '../data/project', 'home/opened'],
    ['is a link to a link', 'opened', 'first', 'home/opened'],
    ['has a link on its way', 'work', '../data', 'home/work/project'],
  ])('works in a folder whose path %s', async (_, link, target, workspace) => {
    await using host = new TestPool();
    using disk = new Project({
      'data/project/a.js': messy,
      'data/secret.txt': 'secret',
      'home/x': '',
    });
    fs.symlinkSync('../data/project', disk.path('home/first'));
    fs.symlinkSync(target, disk.path('home', link));
    installPeeks(disk.path('data/project'));
    const tool = open(host, disk.path(workspace));
    expect(await tool.format('a.js')).toBe(formatted);
    const known = disk.path(workspace, 'a.js');
    const real = disk.path('data/project/a.js');
    const outcomes = await tool.peek(
      ['read', known],
      ['read', real],
      ['read', disk.path('data/secret.txt')],
    );
    expect(outcomes).toEqual([messy, messy, denied]);
  });

  const home = {
    '.ssh/id': 'secret',
    '.netrc': 'secret',
    'notes.md': 'notes',
    'project/a.js': messy,
    'project/.env': 'of the project',
  };

  test('reads its project in the home folder, and nothing beside it', async () => {
    await using host = new TestPool();
    using disk = new Project(home);
    moveHome(disk.root);
    installPeeks(disk.path('project'));
    const tool = open(host, disk.path('project'));
    expect(await tool.format('a.js')).toBe(formatted);
    const files = ['.ssh/id', '.netrc', 'notes.md', 'project/.env'];
    const outcomes = await tool.peek(...files.map(name => ['read', disk.path(name)] as const));
    expect(outcomes).toEqual([denied, denied, denied, 'of the project']);
  });

  test('reads of the home folder what is not hidden, when it works there', async () => {
    await using host = new TestPool();
    using disk = new Project({ ...home, 'a.js': messy });
    moveHome(disk.root);
    installPeeks(disk.root);
    const tool = open(host, disk.root);
    expect(await tool.format('a.js')).toBe(formatted);
    expect(await tool.format('project/a.js')).toBe(formatted);
    const files = ['.ssh/id', '.netrc', 'notes.md', 'project/.env'];
    const outcomes = await tool.peek(...files.map(name => ['read', disk.path(name)] as const));
    expect(outcomes).toEqual([denied, denied, 'notes', 'of the project']);
  });

  test('works where the root of the file system is the home folder', async () => {
    await using host = new TestPool();
    using disk = new Project({ 'project/a.js': messy, 'secret.txt': 'secret' });
    moveHome('/');
    installPeeks(disk.path('project'));
    const tool = open(host, disk.path('project'));
    expect(await tool.format('a.js')).toBe(formatted);
    expect(await tool.peek(['read', disk.path('secret.txt')])).toEqual([denied]);
  });

  test('works in the folder for temporary files, and sees nothing of other sessions', async () => {
    await using host = new TestPool();
    using disk = new Project({ 'a.js': messy, 'greenroom-scratch-other/kept': 'secret' });
    moveTemporary(disk.root);
    installPeeks(disk.root);
    const tool = open(host, disk.root, { needsScratch: true });
    expect(await tool.format('a.js')).toBe(formatted);
    const [kept, scratch] = await tool.peek(
      ['read', disk.path('greenroom-scratch-other/kept')],
      ['writeScratch'],
    );
    expect([kept, typeof scratch]).toEqual([denied, 'string']);
  });

  test('works in /tmp itself', async () => {
    await using host = new TestPool();
    const tool = open(host, '/tmp');
    expect(await tool.format('a.js', messy)).toBe(formatted);
  });

  test('works in the root of the file system, and does not see the home folder', async () => {
    await using host = new TestPool();
    using disk = new Project(home);
    moveHome(disk.root);
    const tool = open(host, '/');
    expect(await tool.format('a.js', messy)).toBe(formatted);
  });

  test('runs a tool that is a link to a store, with plugins from there', async () => {
    await using host = new TestPool();
    const store = filesIn('store/up@1/node_modules/prettier-plugin-up', plugin);
    using disk = new Project({
      ...store,
      'project/a.up': 'loud',
      'project/.prettierrc.json': '{"plugins": ["prettier-plugin-up"]}',
    });
    const directory = copyPrettier(disk.path('store/prettier@3/node_modules/prettier'));
    const project = disk.path('project');
    fs.mkdirSync(path.join(project, 'node_modules'));
    fs.symlinkSync(directory, path.join(project, 'node_modules/prettier'));
    fs.symlinkSync(
      '../../store/up@1/node_modules/prettier-plugin-up',
      path.join(project, 'node_modules/prettier-plugin-up'),
    );
    expect(await open(host, project, { directory }).format('a.up')).toBe('LOUD');
  });

  test('says what to do about a plugin that is a link to somewhere else', async () => {
    await using host = new TestPool();
    using disk = new Project({
      ...filesIn('mine/up', plugin),
      'project/a.up': 'loud',
      'project/.prettierrc.json': '{"plugins": ["prettier-plugin-up"]}',
      'project/node_modules/.keep': '',
    });
    const project = disk.path('project');
    const link = path.join(project, 'node_modules/prettier-plugin-up');
    fs.symlinkSync(disk.path('mine/up'), link);
    const report = await open(host, project).report(path.join(project, 'a.up'), 'loud');
    expect(report).toMatchObject({ kind: 'configurationError' });
    const { message } = report as { message: string };
    expect(message).toContain(`${link} leads to ${disk.path('mine/up')}`);
    expect(message).toContain('greenroom.sessions.readableFolders');

    await host.pool.shutDown();
    await using second = new TestPool();
    const readableFolders = [disk.path('mine')];
    expect(await open(second, project, { readableFolders }).format('a.up')).toBe('LOUD');
  });

  test('works on a file system that cannot be written', async context => {
    using disk = new Project({ 'data/a.js': messy, 'view/.keep': '' });
    using mount = mountReadOnly(disk.path('data'), disk.path('view'));
    if (!mount) return context.skip('only root can mount');
    await using host = new TestPool(); // ends before the view does
    expect(() => disk.write('view/b.js', '')).toThrow('EROFS');
    expect(await open(host, disk.path('view')).format('a.js')).toBe(formatted);
  });

  test('finds packages that are installed above it, and reads nothing beside them', async () => {
    await using host = new TestPool();
    using disk = new Project({
      ...filesIn('code/node_modules/prettier-plugin-up', plugin),
      'code/other/.env': 'secret',
      'code/mine/a.up': 'loud',
      'code/mine/.prettierrc.json': '{"plugins": ["prettier-plugin-up"]}',
    });
    const tool = open(host, disk.path('code/mine'));
    expect(await tool.format('a.up')).toBe('LOUD');
    await host.pool.shutDown();
    await using second = new TestPool();
    installPeeks(disk.path('code/mine'));
    const outcomes = await open(second, disk.path('code/mine')).peek(
      ['read', disk.path('code/other/.env')],
      ['list', disk.path('code/other')],
    );
    expect(outcomes).toEqual([denied, denied]);
  });

  test('finds configuration up to the root of its repository, and reads nothing above', async () => {
    await using host = new TestPool();
    using disk = new Project({
      'secret.txt': 'secret',
      '.editorconfig': 'root = true\n[*]\nindent_size = 8\n',
      'repo/.git/HEAD': '',
      'repo/.prettierrc.json': '{"plugins": ["./peeks.mjs"], "semi": false}',
      'repo/packages/a/a.js': messy,
      'repo/packages/b/b.txt': 'beside',
    });
    installPeeks(disk.path('repo'));
    disk.write('repo/.prettierrc.json', '{"plugins": ["./peeks.mjs"], "semi": false}');
    const tool = open(host, disk.path('repo/packages/a'));
    expect(await tool.format('a.js')).toBe('a = 1\n');
    const files = ['repo/packages/b/b.txt', 'secret.txt', '.editorconfig'];
    const outcomes = await tool.peek(...files.map(name => ['read', disk.path(name)] as const));
    expect(outcomes).toEqual(['beside', denied, denied]);
  });
});
