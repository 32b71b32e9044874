import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Project } from '../../support/project.ts';
import { describePython, supportProgram } from '../../support/python/pythonSession.ts';
import { describeTool } from '../../support/python/describeTool.ts';
import { PythonToolSession, withTool } from '../../support/python/pythonTools.ts';
import { TestPool } from '../../support/sessions.ts';

const formatters = ['black', 'isort', 'autopep8'] as const;
const linters = ['mypy', 'pylint', 'flake8'] as const;

/** An interpreter that sees nothing but its own library, and what is in the project's `packages`. */
function bareInterpreter(project: Project): string {
  const packages = project.path('packages');
  const script = `#!/bin/sh\nPYTHONPATH='${packages}' exec python3 -S "$@"\n`;
  const file = project.write('bin/python', script);
  fs.chmodSync(file, 0o755);
  return file;
}

describePython('a tool', () => {
  describe.each([...formatters, ...linters])('%s', name => {
    const method = linters.includes(name as never) ? 'lint' : 'format';
    const request = { text: '', path: '/a.py', languageId: 'python' };

    test('that is not installed says for which interpreter, as it was asked, and how to install it', async () => {
      await using host = new TestPool();
      using project = new Project();
      const script = bareInterpreter(project);
      const link = project.path('linked');
      fs.symlinkSync(script, link);
      for (const interpreter of [script, link]) {
        const tool = new PythonToolSession(host, project, name, {
          interpreter,
          sharedAs: interpreter,
        });
        await expect(tool.call(method, request)).rejects.toMatchObject({
          code: 'tool.notFound',
          message: `${name} is not installed for ${interpreter}; "${interpreter} -m pip install ${name}" installs it`,
        });
      }
    });

    test('that cannot be imported says by which interpreter, and why', async () => {
      await using host = new TestPool();
      using project = new Project({ [`packages/${name}.py`]: 'import a_part_that_is_missing\n' });
      const interpreter = bareInterpreter(project);
      const tool = new PythonToolSession(host, project, name, { interpreter });
      await expect(tool.call(method, request)).rejects.toMatchObject({
        code: 'tool.load',
        message: `${name} cannot be imported by ${interpreter}: No module named 'a_part_that_is_missing'`,
      });
    });
  });
});

describe.each([
  ...formatters.flatMap(name => [
    [name, 'format', ['text', 'languageId']] as const,
    [name, 'warm', ['text', 'languageId']] as const,
  ]),
  ...linters.map(name => [name, 'lint', ['text', 'path', 'languageId']] as const),
])('%s.%s', (name, method, required) => {
  describeTool(name, () => {
    test('refuses a request before anything of the tool runs, naming the field', async () => {
      await using host = new TestPool();
      using project = new Project({ 'a.py': 'x = 1\n' });
      const program = supportProgram('watchesTools.py');
      const tool = new PythonToolSession(host, project, name, { program, isConfined: false });
      const request = { text: 'x = 1\n', path: project.path('a.py'), languageId: 'python' };
      const refused: [request: object, message: string][] = [
        [{ ...request, text: 1 }, 'text: the field is a text'],
        [{ ...request, speed: 'fast' }, 'speed: there is no such field'],
      ];
      for (const field of required) {
        const others = Object.entries(request).filter(([one]) => one !== field);
        refused.push([Object.fromEntries(others), `${field}: the field is missing`]);
      }
      for (const [wrong, message] of refused) {
        const call = tool.call(method, wrong);
        await expect(call).rejects.toMatchObject({ remoteName: 'ValueError', message });
      }
      expect(await tool.call('runs', {})).toBe(0);
      await tool.call(method, request);
      expect(await tool.call('runs', {})).toBe(1);
    });
  });
});

describeTool('pylint', () => {
  test('leaves the folder and the path to those who share its process as they were', async () => {
    await using host = new TestPool();
    using project = new Project({
      'a.py': 'import os\n',
      '.flake8': '[flake8]\nextend-ignore = F401\n',
      '.pylintrc': `[MAIN]
init-hook = import os, sys; open('seen', 'a').write(f'{os.getcwd()} {len(sys.path)}\\n'); sys.path.append('/astray'); os.chdir('/')
`,
    });
    const pylint = new PythonToolSession(host, project, 'pylint', {
      sharedAs: 'lint',
      isConfined: false,
    });
    const flake8 = new PythonToolSession(host, project, 'flake8', {
      sharedAs: 'lint',
      isConfined: false,
    });
    const rules = async () => (await pylint.lint('a.py')).map(({ rule }) => rule);
    const first = await rules();
    expect(first).toContain('unused-import');
    expect(await flake8.lint('a.py')).toEqual([]);
    expect(await rules()).toEqual(first);
    const [one, other] = project.read('seen').trim().split('\n');
    expect([other, host.pids.length]).toEqual([one, 1]);
  });
});

const countsImports = "open('imports', 'a').write('x')\n";

describePython('a formatter', () => {
  test('is imported for the first call, and stays for those that follow', async () => {
    await using host = new TestPool();
    using project = new Project({
      'packages/autopep8.py': `${countsImports}

def parse_args(arguments, apply_config):
    return None


def fix_lines(lines, options, filename):
    return ''.join(lines).upper()
`,
    });
    const interpreter = bareInterpreter(project);
    const tool = new PythonToolSession(host, project, 'autopep8', {
      interpreter,
      isConfined: false,
    });
    expect([await tool.format('a = 1'), await tool.format('b = 1')]).toEqual(['A = 1', 'B = 1']);
    expect(project.read('imports')).toBe('x');
  });
});

describe.each([
  ['flake8', '.flake8', '[flake8:local-plugins]\nextension = X = counting:check\npaths = .\n'],
  [
    'pylint',
    '.pylintrc',
    `[MAIN]\ninit-hook = import sys; sys.path.append('.')\nload-plugins = counting\n`,
  ],
  ['mypy', 'mypy.ini', '[mypy]\nplugins = counting.py\n'],
] as const)('%s', (name, file, configuration) => {
  describeTool(name, () => {
    test('keeps what it has imported for the calls that follow', () =>
      withTool(
        name,
        {
          [file]: configuration,
          'a.py': 'x = 1\n',
          'b.py': 'y = 1\n',
          'counting.py': `${countsImports}

def check(tree):
    return ()


def register(linter):
    pass


def plugin(version):
    from mypy.plugin import Plugin

    return Plugin
`,
        },
        async (tool, project) => {
          for (const document of ['a.py', 'a.py', 'b.py']) await tool.lint(document);
          expect(project.read('imports')).toBe('x');
        },
        { isConfined: false },
      ));
  });
});

describeTool('pylint', () => {
  test('does not gather what it reads and makes, call after call', () =>
    withTool(
      'pylint',
      {
        '.pylintrc': `[MAIN]\ninit-hook = import sys; sys.path.append('.')\nload-plugins = counting\n`,
        'counting.py': `import gc
from astroid.nodes import Module
from pylint.message import MessageDefinitionStore


def register(linter):
    gc.collect()
    things = gc.get_objects()
    modules = [thing.name for thing in things if isinstance(thing, Module)].count('collections')
    stores = sum(isinstance(thing, MessageDefinitionStore) for thing in things)
    with open('kept', 'a') as file:
        print(modules, stores, file=file)
`,
        'a.py': 'import collections\n\nx = collections.OrderedDict().missing\n',
      },
      async (pylint, project) => {
        for (let call = 0; call < 4; call++) await pylint.lint('a.py');
        const [, second, , last] = project.read('kept').trim().split('\n');
        expect(last).toBe(second);
      },
      { isConfined: false },
    ));
});
