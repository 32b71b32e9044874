import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../server/shared/protocol/linting.ts';
import { Project } from '../../support/project.ts';
import {
  describeTool,
  formatByCommand,
  printedByCommand,
  PythonToolSession,
} from '../../support/python/pythonTools.ts';
import { TestPool } from '../../support/sessions.ts';

const untidy = `import   sys, os
from   collections import (OrderedDict,
  defaultdict)

def f( a,b ):
    x = {  "a":1 , 'b':[1,2,3] }
    return a+b, "ünïcödé 😀", x
class  C( object ):
    def m(self): return   sys.argv, os, OrderedDict, defaultdict
`;

const documents = {
  'with a byte order mark': `\uFEFF${untidy}`,
  'as people write it': untidy,
  'with CR LF': untidy.replaceAll('\n', '\r\n'),
  'that is empty': '',
  'that is blank': '\n\n  \n',
  'without a last line end': 'x  =  1',
  'that is in form': 'x = 1\n',
};

async function inSession<T>(
  name: string,
  files: Record<string, string>,
  work: (tool: PythonToolSession, project: Project) => Promise<T>,
): Promise<T> {
  await using host = new TestPool();
  using project = new Project(files);
  return await work(new PythonToolSession(host, project, name), project);
}

describeTool('black', () => {
  test.each(Object.entries(documents))(
    'brings a document %s into form as its command does',
    (_, text) =>
      inSession('black', {}, async (black, project) => {
        expect(await black.format(text)).toBe(await formatByCommand(project, 'black', text));
      }),
  );

  test('goes by the configuration above the file', () =>
    inSession(
      'black',
      { 'pyproject.toml': '[tool.black]\nline-length = 30\nskip-string-normalization = true\n' },
      async (black, project) => {
        const text = untidy.replace('return a+b', "return 'one', 'two', 'three', 'four', a+b");
        expect(await black.format(text, 'src/a.py')).toBe(
          await formatByCommand(project, 'black', text, 'src/a.py'),
        );
      },
    ));

  test('knows the form of stubs', () =>
    inSession('black', {}, async (black, project) => {
      const text = 'def f( a:int )->int:\n    ...\n\n\n\ndef g(): ...\n';
      expect(await black.format(text, 'a.pyi')).toBe(
        await formatByCommand(project, 'black', text, 'a.pyi'),
      );
    }));

  test('tells where a document cannot be parsed, and leaves it alone', () =>
    inSession('black', {}, async black => {
      expect(await black.report('x = 1\nif :\n')).toMatchObject({ kind: 'syntaxError', line: 2 });
    }));

  test('leaves a file alone that is excluded by force', () =>
    inSession(
      'black',
      { 'pyproject.toml': '[tool.black]\nforce-exclude = "generated"\n' },
      async black => {
        expect(await black.report(untidy, 'generated/a.py')).toEqual({ kind: 'ignored' });
        expect(await black.report(untidy, 'a.py')).toMatchObject({ kind: 'formatted' });
      },
    ));

  test('says where a line is indented for no reason', () =>
    inSession('black', {}, async black => {
      expect(await black.report('  y = 2\n')).toMatchObject({ kind: 'syntaxError', line: 1 });
    }));

  test('is no other version than the configuration wants', () =>
    inSession(
      'black',
      { 'pyproject.toml': '[tool.black]\nrequired-version = "1"\n' },
      async (black, project) => {
        expect(await black.report(untidy)).toMatchObject({
          kind: 'configurationError',
          message: expect.stringContaining('required version') as string,
          file: project.path('pyproject.toml'),
        });
      },
    ));

  test('names a configuration that it cannot read', () =>
    inSession(
      'black',
      { 'pyproject.toml': '[tool.black]\nline-length = "wide"\n' },
      async (black, project) => {
        expect(await black.report(untidy)).toMatchObject({
          kind: 'configurationError',
          file: project.path('pyproject.toml'),
        });
      },
    ));
});

describeTool('isort', () => {
  test.each(Object.entries(documents))(
    'sorts the imports of a document %s as its command does',
    (_, text) =>
      inSession('isort', {}, async (isort, project) => {
        expect(await isort.format(text)).toBe(await formatByCommand(project, 'isort', text));
      }),
  );

  test('goes by its configuration, and by what is the project’s own', () =>
    inSession(
      'isort',
      { '.isort.cfg': '[settings]\nprofile = black\n', 'own/__init__.py': '' },
      async (isort, project) => {
        const text = 'import own\nimport requests\nimport os\nfrom own import (a, b)\n';
        expect(await isort.format(text)).toBe(await formatByCommand(project, 'isort', text));
      },
    ));

  test('leaves a file alone that says so', () =>
    inSession('isort', {}, async isort => {
      expect(await isort.report('# isort:skip_file\nimport sys, os\n')).toEqual({
        kind: 'ignored',
      });
    }));
});

describeTool('autopep8', () => {
  test.each(Object.entries(documents))('mends a document %s as its command does', (_, text) =>
    inSession('autopep8', {}, async (autopep8, project) => {
      expect(await autopep8.format(text)).toBe(
        await formatByCommand(project, 'autopep8', text, 'a.py', ['--in-place']),
      );
    }),
  );

  test('goes by its configuration', () =>
    inSession(
      'autopep8',
      { 'setup.cfg': '[pycodestyle]\nmax-line-length = 40\naggressive = 2\n' },
      async (autopep8, project) => {
        expect(await autopep8.format(untidy)).toBe(
          await formatByCommand(project, 'autopep8', untidy, 'a.py', ['--in-place']),
        );
      },
    ));

  test('says where a document cannot be parsed', () =>
    inSession('autopep8', {}, async autopep8 => {
      expect(await autopep8.report('if :\n')).toMatchObject({ kind: 'syntaxError', line: 1 });
    }));
});

describe.each([
  ['black', 'pyproject.toml', '[tool.black]\nline-length = '],
  ['isort', 'pyproject.toml', '[tool.isort]\nline_length = '],
  ['autopep8', 'setup.cfg', '[pycodestyle]\naggressive = 2\nmax-line-length = '],
] as const)('%s', (name, file, configuration) => {
  describeTool(name, () => {
    test('goes by a configuration that has changed, and by a nearer one', () =>
      inSession(
        name,
        { [file]: `${configuration}100\n`, 'sub/b.py': '' },
        async (tool, project) => {
          const names = 'first_name, second_name, third_name, fourth_name';
          const text = `from module import ${names}\nf(${names})\n`;
          const flags = name === 'autopep8' ? ['--in-place'] : [];
          const check = async () => {
            expect(await tool.format(text, 'sub/b.py')).toBe(
              await formatByCommand(project, name, text, 'sub/b.py', flags),
            );
          };
          await check();
          project.write(file, `${configuration}60\n`);
          await check();
          project.write(`sub/${file}`, `${configuration}30\n`);
          await check();
        },
      ));
  });
});

const faulty = `import os, sys


def f(a: int) -> str:
    return a  # "ünïcödé"


"ö"; f("no"); undefined_name
`;

describeTool('mypy', () => {
  test('finds what its command finds', () =>
    inSession('mypy', { 'a.py': faulty }, async (mypy, project) => {
      const printed = await printedByCommand(
        project,
        'mypy',
        ...[
          '--show-column-numbers',
          '--show-error-codes',
          '--no-error-summary',
          '--cache-dir=/dev/null',
          'a.py',
        ],
      );
      const lines = printed.trim().split('\n');
      expect(lines).toHaveLength(3);
      expect((await mypy.lint('a.py')).map(asMypyPrints)).toEqual(lines);
    }));

  test('sees a change in one file in another that imports it', () =>
    inSession(
      'mypy',
      { 'lib.py': 'def f() -> int: ...\n', 'a.py': 'import lib\n\nx: int = lib.f()\n' },
      async (mypy, project) => {
        expect(await mypy.lint('a.py')).toEqual([]);
        project.write('lib.py', 'def f() -> str: ...\n\n');
        expect(await mypy.lint('a.py')).toMatchObject([{ rule: 'assignment' }]);
      },
    ));

  test('tells files of the same name apart', () =>
    inSession(
      'mypy',
      { 'one/m.py': 'x: int = "no"\n', 'two/m.py': '\n\ny: int = "no"\n' },
      async mypy => {
        for (const [name, line] of [
          ['one/m.py', 0],
          ['two/m.py', 2],
          ['one/m.py', 0],
        ] as const) {
          expect(await mypy.lint(name)).toMatchObject([
            { rule: 'assignment', range: { start: { line } } },
          ]);
        }
      },
    ));

  test('goes on after a file that breaks it', () =>
    inSession('mypy', { 'a.py': 'x = "\0"\n' }, async (mypy, project) => {
      await expect(mypy.lint('a.py')).rejects.toThrow();
      project.write('a.py', 'x: int = "no"\n');
      expect(await mypy.lint('a.py')).toMatchObject([{ rule: 'assignment' }]);
    }));

  test('takes imports silently where the configuration says so', () =>
    inSession(
      'mypy',
      {
        'mypy.ini': '[mypy]\nfollow_imports = silent\n',
        'lib.py': 'y: int = "no"\n',
        'a.py': 'import lib\n\nx: str = lib.y\n',
      },
      async mypy => {
        expect(await mypy.lint('a.py')).toMatchObject([{ rule: 'assignment' }]);
      },
    ));

  test('writes nothing into the project', () =>
    inSession('mypy', { 'a.py': faulty }, async (mypy, project) => {
      await mypy.lint('a.py');
      expect(project.entries).toEqual(['a.py']);
    }));

  test('reports a document that cannot be parsed', () =>
    inSession('mypy', { 'a.py': 'if :\n' }, async mypy => {
      expect(await mypy.lint('a.py')).toMatchObject([
        { rule: 'syntax', severity: 'error', range: { start: { line: 0 } } },
      ]);
    }));
});

/** Debian's mypy counts bytes in the columns that it prints, as its syntax tree does. */
function asMypyPrints({ range, severity, message, rule }: Problem): string {
  const word = severity === 'information' ? 'note' : severity;
  const line = faulty.split('\n')[range.start.line]!;
  const column = Buffer.byteLength(line.slice(0, range.start.column)) + 1;
  return `a.py:${range.start.line + 1}:${column}: ${word}: ${message}  [${rule}]`;
}

describeTool('pylint', () => {
  test('finds what its command finds', () =>
    inSession('pylint', { 'a.py': faulty }, async (pylint, project) => {
      const printed = await printedByCommand(project, 'pylint', '--output-format=json', 'a.py');
      const expected = (
        JSON.parse(printed) as { symbol: string; message: string; line: number }[]
      ).map(({ symbol, message, line }) => ({ symbol, message, line }));
      expect(expected.length).toBeGreaterThan(3);
      const found = (await pylint.lint('a.py')).map(({ rule, message, range }) => ({
        symbol: rule,
        message,
        line: range.start.line + 1,
      }));
      expect(found).toEqual(expected);
    }));

  test('says where the rules are explained', () =>
    inSession('pylint', { 'a.py': 'import os\n' }, async pylint => {
      const unused = (await pylint.lint('a.py')).find(({ rule }) => rule === 'unused-import');
      expect(unused?.ruleUrl).toMatch(/\/warning\/unused-import\.html$/u);
    }));

  test('sees a module that has come', () =>
    inSession(
      'pylint',
      { 'pkg/__init__.py': '', 'pkg/a.py': 'from .b import c\n' },
      async (pylint, project) => {
        const rules = async () => (await pylint.lint('pkg/a.py')).map(({ rule }) => rule);
        expect(await rules()).toContain('import-error');
        project.write('pkg/b.py', 'c = 1\n');
        expect(await rules()).not.toContain('import-error');
      },
    ));

  test('goes on where it cannot read its configuration, as its command does', () =>
    inSession('pylint', { '.pylintrc': '[MAIN\n', 'a.py': 'import os\n' }, async pylint => {
      expect((await pylint.lint('a.py')).map(({ rule }) => rule)).toContain('unused-import');
    }));

  test('looks at the text that it is given, not at the file', () =>
    inSession('pylint', { 'a.py': '"""Fine."""\n' }, async (pylint, project) => {
      const report = await pylint.call('lint', {
        text: 'x = (\n',
        path: project.path('a.py'),
        languageId: 'python',
      });
      expect(report).toMatchObject({ problems: [{ rule: 'syntax-error', severity: 'error' }] });
    }));
});

describeTool('flake8', () => {
  test('finds what its command finds', () =>
    inSession(
      'flake8',
      { 'a.py': faulty, '.flake8': '[flake8]\nextend-ignore = E702\n' },
      async (flake8, project) => {
        const printed = await printedByCommand(project, 'flake8', 'a.py');
        const expected = printed
          .trim()
          .split('\n')
          .map(line => /^a\.py:(\d+):\d+: (\w+) (.*)$/u.exec(line)!.slice(1));
        expect(expected.length).toBeGreaterThan(2);
        const found = await flake8.lint('a.py');
        expect(
          found.map(({ range, rule, message }) => [`${range.start.line + 1}`, rule, message]),
        ).toEqual(expected);
      },
    ));
});

describe.each([
  ['flake8', 'import os\n', 'F401'],
  ['pylint', '"""One."""\nimport os\n', 'unused-import'],
  ['mypy', 'x: int = "no"\n', 'assignment'],
] as const)('%s', (name, faultyText, rule) => {
  describeTool(name, () => {
    test('takes back what has been mended, and finds it again', () =>
      inSession(name, {}, async (tool, project) => {
        const rules = async (text: string) => {
          project.write('a.py', text);
          return (await tool.lint('a.py')).map(problem => problem.rule);
        };
        expect(await rules(faultyText)).toContain(rule);
        expect(await rules('"""Nothing wrong."""\n')).toEqual([]);
        expect(await rules(faultyText)).toContain(rule);
      }));
  });
});

describe.each([
  ['flake8', 'F821', '\uFEFFx = missing\n', 'missing'],
  ['mypy', 'name-defined', '\uFEFFx = missing\n', 'missing'],
  ['mypy', 'syntax', 'x = "😀ü" 😀\n', '😀\n'],
  ['pylint', 'undefined-variable', '\uFEFFx = missing\n', 'missing'],
  ['pylint', 'syntax-error', 'x = "😀ü" 😀\n', '😀\n'],
  ['pylint', 'trailing-whitespace', 'x = "😀ü" \n', ' \n'],
  ['pylint', 'anomalous-backslash-in-string', 'x = "😀ü\\d"\n', '\\d'],
] as const)('%s', (name, rule, text, place) => {
  describeTool(name, () => {
    test(`says where the editor has it: ${rule} in ${JSON.stringify(text)}`, () =>
      inSession(name, { 'a.py': text }, async tool => {
        const problem = (await tool.lint('a.py')).find(found => found.rule === rule);
        expect(problem?.range.start).toEqual({ line: 0, column: text.lastIndexOf(place) });
      }));
  });
});

test('a tool that is not installed says for whom, and how to install it', async () => {
  await inSession('black', {}, async (_, project) => {
    // An environment without packages: the interpreter sees nothing but its own library.
    const interpreter = project.write('bin/python', '#!/bin/sh\nexec python3 -I -S "$@"\n');
    const { chmodSync } = await import('node:fs');
    chmodSync(interpreter, 0o755);
    await using host = new TestPool();
    const black = new PythonToolSession(host, project, 'black', interpreter);
    await expect(black.format('x')).rejects.toMatchObject({
      code: 'tool.notFound',
      message: expect.stringMatching(
        /black is not installed for .*; ".* -m pip install black"/u,
      ) as string,
    });
  });
});

describeTool('black', () => {
  test.each([
    [{ languageId: 'python' }, 'text: the field is missing'],
    [{ text: 1, languageId: 'python' }, 'text: the field is a text'],
    [{ text: '', languageId: 'python', speed: 'fast' }, 'speed: there is no such field'],
  ])('refuses the request %o, naming the field', (request, message) =>
    inSession('black', {}, async black => {
      await expect(black.call('format', request)).rejects.toMatchObject({
        remoteName: 'ValueError',
        message,
      });
    }),
  );
});
