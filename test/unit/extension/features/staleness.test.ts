import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Staleness } from '../../../../extension/features/staleness.ts';
import { createLog } from '../../../../extension/log/log.ts';
import * as fake from '../../../support/fakeVSCode.ts';

vi.mock('vscode', () => import('../../../support/fakeVSCode.ts'));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A pool with these sessions, which only remembers which of them were restarted. */
function create(...tools: readonly { readonly name: string; readonly root: string }[]) {
  const restarted: string[] = [];
  const pool = {
    sessions: tools.map(tool => ({ id: `${tool.name} ${tool.root}`, tools: [tool] })),
    restart: async (id: string) => void restarted.push(id),
  };
  const staleness = new Staleness(
    pool as never,
    createLog(() => undefined),
  );
  return { restarted, staleness };
}

function change(...files: readonly string[]): void {
  for (const fsPath of files) fake.fileEvents.fire({ fsPath });
}

test('a lockfile that changes ten times a second restarts a session when it rests, and now and then before', () => {
  const { restarted, staleness } = create({ name: 'eslint', root: '/app' });
  for (let n = 0; n < 250; n++) {
    change('/app/package-lock.json');
    vi.advanceTimersByTime(100);
  }
  expect(restarted).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  expect(restarted).toHaveLength(3);
  staleness.dispose();
});

test('many files that change at once restart a session once', () => {
  const { restarted, staleness } = create({ name: 'mypy', root: '/app' });
  change('/app/pyproject.toml', '/app/uv.lock', '/app/.venv/pyvenv.cfg');
  vi.advanceTimersByTime(500);
  expect(restarted).toEqual(['mypy /app']);
  staleness.dispose();
});

test('only those sessions are restarted whose tool reads the file, below it or above it', () => {
  const { restarted, staleness } = create(
    { name: 'prettier', root: '/app' },
    { name: 'eslint', root: '/app' },
    { name: 'eslint', root: '/app/packages/a' },
    { name: 'eslint', root: '/other' },
    { name: 'black', root: '/app' },
  );
  change('/app/eslint.config.js');
  vi.advanceTimersByTime(500);
  expect(restarted).toEqual(['eslint /app', 'eslint /app/packages/a']);
  staleness.dispose();
});

test('what installed packages hold counts for nothing', () => {
  const { restarted, staleness } = create({ name: 'eslint', root: '/app' });
  change('/app/node_modules/some/package.json', '/app/node_modules/.package-lock.json');
  vi.advanceTimersByTime(500);
  expect(restarted).toEqual([]);
  staleness.dispose();
});
