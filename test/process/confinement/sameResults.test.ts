import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Mechanism } from '../../../server/shared/protocol/confinement.ts';
import { ESLintSession } from '../../support/eslintSessions.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { describeTool } from '../../support/python/describeTool.ts';
import { PythonToolSession } from '../../support/python/pythonTools.ts';
import { repository, TestPool } from '../../support/sessions.ts';
import { setVariable } from '../../support/variables.ts';

/** What comes of it in a session that this confines, and that is as strong as it should be. */
async function confinedBy<T>(
  mechanism: Mechanism,
  work: (host: TestPool) => Promise<T>,
): Promise<T> {
  setVariable('GREENROOM_MECHANISM', mechanism);
  await using host = new TestPool();
  const result = await work(host);
  const { confinement } = await host.seen('ready');
  expect(confinement).toMatchObject({ mechanism, ...(mechanism !== 'none' && { succeeded: [] }) });
  return result;
}

const links = ['typescript-eslint', 'typescript'];

function eslintProject(): Project {
  const project = new Project({
    'eslint.config.js': `const { plugin, parser } = require('typescript-eslint');
      const caches = require(${JSON.stringify(path.join(repository, 'test/fixtures/plugins/caches.cjs'))});
      module.exports = [{
        files: ['**/*.ts'],
        plugins: { '@typescript-eslint': plugin, caches },
        languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
        rules: { '@typescript-eslint/no-floating-promises': 'error', 'prefer-const': 'warn' },
      }, { files: ['cached.ts'], rules: { 'caches/caching': 'error' } }];`,
    'tsconfig.json': '{"compilerOptions":{"strict":true,"skipLibCheck":true}}',
    'a.ts':
      'export async function work(): Promise<void> {}\nwork();\nlet ü = 1;\nconsole.log(ü);\n',
    'cached.ts': 'export const cached = 1;\n',
  });
  for (const name of links) project.link(name, path.join(repository, 'node_modules', name));
  return project;
}

describeMechanisms('as where nothing confines', mechanism => {
  const same = async <T>(work: (host: TestPool) => Promise<T>, some: (result: T) => void) => {
    const result = await confinedBy(mechanism, work);
    some(result);
    expect(result).toEqual(await confinedBy('none', work));
  };

  test('ESLint lints and fixes, with types', async () => {
    using project = eslintProject();
    await same(
      async host => {
        const eslint = new ESLintSession(host, project, 10);
        return [await eslint.lint('a.ts'), await eslint.fixed('a.ts')] as const;
      },
      ([report, fixed]) => {
        expect(report).toMatchObject({
          problems: [{ rule: '@typescript-eslint/no-floating-promises' }, { rule: 'prefer-const' }],
        });
        expect(fixed).toContain('const ü');
      },
    );
  });

  describeTool('isort', () => {
    test('sorts', async () => {
      using project = new Project({ '.isort.cfg': '[settings]\nprofile = black\n', 'own.py': '' });
      const text = 'import sys, os\nfrom own import x\nfrom collections import (b,\n  a)\n';
      await same(
        host => new PythonToolSession(host, project, 'isort').format(text),
        sorted => expect(sorted).toMatch(/^import os\nimport sys\nfrom collections import a, b\n/u),
      );
    });
  });

  describeTool('mypy', () => {
    test('checks types, through imports', async () => {
      using project = new Project({
        'mypy.ini': '[mypy]\nstrict = True\n',
        'lib.py': 'def double(n: int) -> int:\n    return n * 2\n',
        'a.py': 'import json\nfrom lib import double\n\nx: str = double("ü")\njson.dumps()\n',
      });
      await same(
        host => new PythonToolSession(host, project, 'mypy').lint('a.py'),
        problems =>
          expect(problems.map(({ rule }) => rule)).toEqual(['assignment', 'arg-type', 'call-arg']),
      );
    });
  });

  describeTool('pylint', () => {
    test('finds what is wrong, through imports', async () => {
      using project = new Project({
        '.pylintrc': '[MESSAGES CONTROL]\ndisable=missing-module-docstring\n',
        'lib.py': 'ONE = 1\n',
        'a.py': 'import os\nfrom lib import ONE, TWO\nprint(ONE, TWO, missing)\n',
      });
      await same(
        host => new PythonToolSession(host, project, 'pylint').lint('a.py'),
        problems => expect(problems.map(({ rule }) => rule)).toContain('no-name-in-module'),
      );
    });
  });
});

describe('a rule that keeps what it has found', () => {
  describeMechanisms('finds it again, confined', mechanism => {
    test('in the folders for temporary files and for caches, which are its own', async () => {
      using project = eslintProject();
      const messages = await confinedBy(mechanism, async host => {
        const eslint = new ESLintSession(host, project, 10);
        const reports = [await eslint.lint('cached.ts'), await eslint.lint('cached.ts')];
        return reports.map(report => report.kind === 'linted' && report.problems[0]?.message);
      });
      expect(messages).toEqual(['seen 1 and 1 times', 'seen 2 and 2 times']);
    });
  });
});
