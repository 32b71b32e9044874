import { expect, test, vi } from 'vitest';
import { Staleness } from '../../../../extension/features/staleness.ts';
import { createLog } from '../../../../extension/log/log.ts';
import * as fake from '../../../support/fakeVSCode.ts';
import { ManualClock } from '../../../support/manualPlatform.ts';
import { Project } from '../../../support/project.ts';

vi.mock('vscode', () => import('../../../support/fakeVSCode.ts'));

/** A pool with these sessions, which only remembers which of them were restarted. */
function create(...tools: readonly { readonly name: string; readonly root: string }[]) {
  const restarted: string[] = [];
  const pool = {
    sessions: tools.map(tool => ({ id: `${tool.name} ${tool.root}`, tools: [tool] })),
    restart: async (id: string) => void restarted.push(id),
  };
  const clock = new ManualClock();
  const staleness = new Staleness(
    pool as never,
    clock,
    createLog(() => undefined),
  );
  return { restarted, clock, staleness };
}

function change(...files: readonly string[]): void {
  for (const fsPath of files) fake.fileEvents.fire({ fsPath });
}

test('many files that change at once restart a session once', () => {
  const { restarted, clock, staleness } = create({ name: 'mypy', root: '/app' });
  change('/app/pyproject.toml', '/app/uv.lock', '/app/.venv/pyvenv.cfg');
  clock.advance(500);
  expect(restarted).toEqual(['mypy /app']);
  staleness.dispose();
});

test('only those sessions are restarted whose tool reads the file, below it or above it', () => {
  const { restarted, clock, staleness } = create(
    { name: 'prettier', root: '/app' },
    { name: 'eslint', root: '/app' },
    { name: 'eslint', root: '/app/packages/a' },
    { name: 'eslint', root: '/other' },
    { name: 'black', root: '/app' },
  );
  change('/app/eslint.config.js');
  clock.advance(500);
  expect(restarted).toEqual(['eslint /app', 'eslint /app/packages/a']);
  staleness.dispose();
});

test('what installed packages hold counts for nothing', () => {
  const { restarted, clock, staleness } = create({ name: 'eslint', root: '/app' });
  change('/app/node_modules/some/package.json', '/app/node_modules/.package-lock.json');
  clock.advance(500);
  expect(restarted).toEqual([]);
  staleness.dispose();
});

test.each([
  ['mypy', '/app/.venv/pyvenv.cfg'],
  ['mypy', '/app/uv.lock'],
  ['pylint', '/app/.pylintrc'],
  ['eslint', '/app/pnpm-lock.yaml'],
  ['prettier', '/app/prettier.config.mjs'],
])('a session of %s is restarted for %s alone', (name, file) => {
  const { restarted, clock, staleness } = create({ name, root: '/app' });
  change(file);
  clock.advance(500);
  expect(restarted).toEqual([`${name} /app`]);
  staleness.dispose();
});

test('the folders above are watched as far as the project reaches, and no others', async () => {
  using disk = new Project({ 'repo/.git/HEAD': '', 'repo/packages/a/x.ts': '' });
  const watch = vi.spyOn(fake.workspace, 'createFileSystemWatcher');
  const folder = (name: string) => ({ uri: fake.Uri.file(disk.path(name)) });
  fake.workspace.workspaceFolders = [folder('repo/packages/a'), folder('repo/packages')];
  const { staleness } = create();
  staleness.begin();
  const bases = () =>
    watch.mock.calls
      .map(([pattern]) => pattern)
      .filter(pattern => pattern instanceof fake.RelativePattern)
      .map(({ base }) => (base as { fsPath: string }).fsPath);
  await expect.poll(() => bases().sort()).toEqual([disk.path('repo'), disk.path('repo/packages')]);
  watch.mockClear();
  fake.workspace.workspaceFolders = [folder('repo')];
  fake.editorEvents.folders.fire(undefined);
  fake.workspace.workspaceFolders = [folder('repo/packages')];
  fake.editorEvents.folders.fire(undefined);
  await expect.poll(bases).toEqual([disk.path('repo')]);
  fake.workspace.workspaceFolders = [];
  staleness.dispose();
});
