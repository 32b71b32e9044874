import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { programArguments } from '../support/programs.ts';
import { Project } from '../support/project.ts';

/** `npm run stress` does forty times as much. */
const operations = 500;

test('of many calls over sessions that are killed, stopped, hung and made to leak, none is lost', async () => {
  using folder = new Project();
  const report = folder.path('report.json');
  const options = ['--operations', String(operations), '--seed', '629251379', '--json', report];
  await promisify(execFile)(process.execPath, programArguments('stress/main.ts', ...options), {
    timeout: 170_000,
  });
  const told = JSON.parse(fs.readFileSync(report, 'utf8')) as Record<string, number>;
  expect(told).toMatchObject({
    operations: 3 * operations,
    succeeded: 3 * operations - told['failed_as_expected']!,
    unexplained: 0,
    lost: 0,
    duplicated: 0,
    misdelivered: 0,
    orphans: 0,
  });
  expect(told['failed_as_expected']).toBeGreaterThan(0); // else nothing was made to fail
}, 180_000);
