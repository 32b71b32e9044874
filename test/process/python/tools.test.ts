import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../server/shared/protocol/linting.ts';
import { describeTool } from '../../support/python/describeTool.ts';
import { formatByCommand, printedByCommand, withTool } from '../../support/python/pythonTools.ts';

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

describeTool('black', () => {
  test.each(Object.entries(documents))(
    'brings a document %s into form as its command does',
    (_, text) =>
      withTool('black', {}, async (black, project) => {
        expect(await black.format(text)).toBe(await formatByCommand(project, 'black', text));
      }),
  );

  test('goes by the configuration above the file', () =>
    withTool(
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
    withTool('black', {}, async (black, project) => {
      const text = 'def f( a:int )->int:\n    ...\n\n\n\ndef g(): ...\n';
      expect(await black.format(text, 'a.pyi')).toBe(
        await formatByCommand(project, 'black', text, 'a.pyi'),
      );
    }));

  test('tells where a document cannot be parsed, and leaves it alone', () =>
    withTool('black', {}, async black => {
      expect(await black.report('x = 1\nif :\n')).toMatchObject({ kind: 'syntaxError', line: 2 });
    }));

  test('leaves a file alone that is excluded by force', () =>
    withTool(
      'black',
      { 'pyproject.toml': '[tool.black]\nforce-exclude = "generated"\n' },
      async black => {
        expect(await black.report(untidy, 'generated/a.py')).toEqual({ kind: 'ignored' });
        expect(await black.report(untidy, 'a.py')).toMatchObject({ kind: 'formatted' });
      },
    ));

  test('says where a line is indented for no reason', () =>
    withTool('black', {}, async black => {
      expect(await black.report('  y = 2\n')).toMatchObject({ kind: 'syntaxError', line: 1 });
    }));

  test('is no other version than the configuration wants', () =>
    withTool(
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
    withTool(
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
      withTool('isort', {}, async (isort, project) => {
        expect(await isort.format(text)).toBe(await formatByCommand(project, 'isort', text));
      }),
  );

  test('goes by its configuration, and by what is the project’s own', () =>
    withTool(
      'isort',
      { '.isort.cfg': '[settings]\nprofile = black\n', 'own/__init__.py': '' },
      async (isort, project) => {
        const text = 'import own\nimport requests\nimport os\nfrom own import (a, b)\n';
        expect(await isort.format(text)).toBe(await formatByCommand(project, 'isort', text));
      },
    ));

  test('leaves a file alone that says so', () =>
    withTool('isort', {}, async isort => {
      expect(await isort.report('# isort:skip_file\nimport sys, os\n')).toEqual({
        kind: 'ignored',
      });
    }));
});

describeTool('autopep8', () => {
  test.each(Object.entries(documents))('mends a document %s as its command does', (_, text) =>
    withTool('autopep8', {}, async (autopep8, project) => {
      expect(await autopep8.format(text)).toBe(
        await formatByCommand(project, 'autopep8', text, 'a.py', ['--in-place']),
      );
    }),
  );

  test('goes by its configuration', () =>
    withTool(
      'autopep8',
      { 'setup.cfg': '[pycodestyle]\nmax-line-length = 40\naggressive = 2\n' },
      async (autopep8, project) => {
        expect(await autopep8.format(untidy)).toBe(
          await formatByCommand(project, 'autopep8', untidy, 'a.py', ['--in-place']),
        );
      },
    ));

  test('says where a document cannot be parsed', () =>
    withTool('autopep8', {}, async autopep8 => {
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
      withTool(name, { [file]: `${configuration}100\n`, 'sub/b.py': '' }, async (tool, project) => {
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
      }));
  });
});

const faulty = `import os, sys


def f(a: int) -> str:
    return a  # "ünïcödé"


"ö"; f("no"); undefined_name
`;

describeTool('mypy', () => {
  test('finds what its command finds', () =>
    withTool('mypy', { 'a.py': faulty }, async (mypy, project) => {
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
    withTool(
      'mypy',
      { 'lib.py': 'def f() -> int: ...\n', 'a.py': 'import lib\n\nx: int = lib.f()\n' },
      async (mypy, project) => {
        expect(await mypy.lint('a.py')).toEqual([]);
        project.write('lib.py', 'def f() -> str: ...\n\n');
        expect(await mypy.lint('a.py')).toMatchObject([{ rule: 'assignment' }]);
      },
    ));

  test('tells files of the same name apart', () =>
    withTool(
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
    withTool('mypy', { 'a.py': 'x = "\0"\n' }, async (mypy, project) => {
      await expect(mypy.lint('a.py')).rejects.toThrow();
      project.write('a.py', 'x: int = "no"\n');
      expect(await mypy.lint('a.py')).toMatchObject([{ rule: 'assignment' }]);
    }));

  test('takes imports silently where the configuration says so', () =>
    withTool(
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
    withTool('mypy', { 'a.py': faulty }, async (mypy, project) => {
      await mypy.lint('a.py');
      expect(project.entries).toEqual(['a.py']);
    }));

  test('reports a document that cannot be parsed', () =>
    withTool('mypy', { 'a.py': 'if :\n' }, async mypy => {
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
  test('says where the rules are explained', () =>
    withTool('pylint', { 'a.py': 'import os\n' }, async pylint => {
      const unused = (await pylint.lint('a.py')).find(({ rule }) => rule === 'unused-import');
      expect(unused?.ruleUrl).toMatch(/\/warning\/unused-import\.html$/u);
    }));

  test('sees a module that has come', () =>
    withTool(
      'pylint',
      { 'pkg/__init__.py': '', 'pkg/a.py': 'from .b import c\n' },
      async (pylint, project) => {
        const rules = async () => (await pylint.lint('pkg/a.py')).map(({ rule }) => rule);
        expect(await rules()).toContain('import-error');
        project.write('pkg/b.py', 'c = 1\n');
        expect(await rules()).not.toContain('import-error');
      },
    ));

  test('sees a change in a module that is imported', () =>
    withTool(
      'pylint',
      { 'lib.py': 'c = 1\n', 'a.py': 'from lib import c\n' },
      async (pylint, project) => {
        const rules = async () => (await pylint.lint('a.py')).map(({ rule }) => rule);
        expect(await rules()).not.toContain('no-name-in-module');
        project.write('lib.py', 'd = 1\n');
        expect(await rules()).toContain('no-name-in-module');
      },
    ));

  test('forgets what an earlier text has given an object of a library', () =>
    withTool('pylint', {}, async (pylint, project) => {
      const event = 'import threading\n\ne = threading.Event()\n';
      const rules = async (text: string) => {
        project.write('a.py', text);
        return (await pylint.lint('a.py')).map(({ rule }) => rule);
      };
      expect(await rules(`${event}e.spare = 1\nprint(e.spare)\n`)).not.toContain('no-member');
      expect(await rules(`${event}print(e.spare)\n`)).toContain('no-member');
    }));

  test('goes on where it cannot read its configuration, as its command does', () =>
    withTool('pylint', { '.pylintrc': '[MAIN\n', 'a.py': 'import os\n' }, async pylint => {
      expect((await pylint.lint('a.py')).map(({ rule }) => rule)).toContain('unused-import');
    }));

  test('looks at the text that it is given, not at the file', () =>
    withTool('pylint', { 'a.py': '"""Fine."""\n' }, async (pylint, project) => {
      const report = await pylint.call('lint', {
        text: 'x = (\n',
        path: project.path('a.py'),
        languageId: 'python',
      });
      expect(report).toMatchObject({ problems: [{ rule: 'syntax-error', severity: 'error' }] });
    }));
});

describe.each([
  ['flake8', 'import os\n', 'F401'],
  ['pylint', '"""One."""\nimport os\n', 'unused-import'],
  ['mypy', 'x: int = "no"\n', 'assignment'],
] as const)('%s', (name, faultyText, rule) => {
  describeTool(name, () => {
    test('takes back what has been mended, and finds it again', () =>
      withTool(name, {}, async (tool, project) => {
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
  ['flake8', 'E999', 'x = "😀ü" 😀\n', '😀\n'],
  ['mypy', 'name-defined', '\uFEFFx = missing\n', 'missing'],
  ['mypy', 'syntax', 'x = "😀ü" 😀\n', '😀\n'],
  ['pylint', 'undefined-variable', '\uFEFFx = missing\n', 'missing'],
  ['pylint', 'syntax-error', 'x = "😀ü" 😀\n', '😀\n'],
  ['pylint', 'trailing-whitespace', 'x = "😀ü" \n', ' \n'],
  ['pylint', 'anomalous-backslash-in-string', 'x = "😀ü\\d"\n', '\\d'],
] as const)('%s', (name, rule, text, place) => {
  describeTool(name, () => {
    test(`says where the editor has it: ${rule} in ${JSON.stringify(text)}`, () =>
      withTool(name, { 'a.py': text }, async tool => {
        const problem = (await tool.lint('a.py')).find(found => found.rule === rule);
        expect(problem?.range.start).toEqual({ line: 0, column: text.lastIndexOf(place) });
      }));
  });
});
