import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Withdrawal } from '../../extension/features/linting/withdrawal.ts';
import { lintLimits } from '../../server/shared/protocol/linting.ts';
import {
  eslintPackages,
  ESLintSession,
  lintByCommandLine,
  plainReport,
  plainResult,
  type ESLintMajor,
} from '../support/eslintSessions.ts';
import { Project } from '../support/project.ts';
import { TestPool } from '../support/sessions.ts';

const repository = path.resolve(import.meta.dirname, '../..');

const rules = {
  eqeqeq: 'error',
  'no-extra-boolean-cast': 'error',
  'no-prototype-builtins': 'error',
  'no-undef': 'warn',
  'no-unused-vars': 'warn',
  'no-useless-escape': 'error',
  'no-var': 'warn',
  'prefer-const': ['error', { destructuring: 'all' }],
  'unicode-bom': 'error',
};

const flat = `module.exports = [
  { ignores: ['generated/'] },
  { files: ['**/*.js', '**/*.jsx'], rules: ${JSON.stringify(rules)} },
  { files: ['**/*.jsx'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: true } } } },
  { linterOptions: { reportUnusedDisableDirectives: true } },
];`;

const eslintrc = JSON.stringify({
  root: true,
  parserOptions: { ecmaVersion: 2022, sourceType: 'module', ecmaFeatures: { jsx: true } },
  reportUnusedDisableDirectives: true,
  rules,
});

const careless = `var first = 1;
let second = 2;
if (first == second) console.log(!!!undefined_);
if ({}.hasOwnProperty('a') && Boolean(!!second)) console.log('\\d');
// eslint-disable-next-line no-var
var third;
export function fourth(a) { let b = 1; return b; } // eslint-disable-line no-var
`;

const documents: Readonly<Record<string, string>> = {
  'a.js': careless,
  'src/deep/a.js': careless,
  'a.jsx': 'export const A = () => <p>{1 == 1 ? "\\q" : <b/>}</p>\n',
  'crlf.js': careless.replaceAll('\n', '\r\n'),
  'bom.js': `\uFEFF${careless}`,
  'emoji.js': 'const a = "😀"; if (a == "é😁") { var b = "ß"; }\n',
  'separators.js': 'const a = "x\u2028y";\u2028if (a == 1) {\n  var b = 2; }\n',
  'syntax.js': 'let a = 1;\nlet b = ;\n',
  'empty.js': '',
  'clean.js': 'export const a = 1;\n',
};

const names = Object.keys(documents);

const forms: readonly [ESLintMajor, string, Readonly<Record<string, string>>][] = [
  [8, 'eslintrc', { '.eslintrc.json': eslintrc, '.eslintignore': 'generated/\n' }],
  [8, 'flat', { 'eslint.config.js': flat }],
  [9, 'flat', { 'eslint.config.js': flat }],
  [10, 'flat', { 'eslint.config.js': flat }],
];

describe.each(forms)('ESLint %i with configuration that is %s', (major, _form, configuration) => {
  test('finds in every document what its command line finds', async () => {
    await using host = new TestPool();
    using project = new Project({ ...configuration, ...documents });
    const session = new ESLintSession(host, project, major);
    const expected = await lintByCommandLine(major, project, names);
    for (const name of names) {
      const text = documents[name]!;
      const found = plainReport(await session.lint(name), text);
      expect([name, found]).toEqual([name, plainResult(expected.get(name)!, text)]);
    }
  });

  test('fixes every document as its command line does', async () => {
    await using host = new TestPool();
    using project = new Project({ ...configuration, ...documents });
    const session = new ESLintSession(host, project, major);
    const expected = await lintByCommandLine(major, project, names, ['--fix-dry-run']);
    for (const name of names) {
      const output = expected.get(name)!.output ?? documents[name];
      expect([name, await session.fixed(name)]).toEqual([name, output]);
    }
  });

  test('lints the text it is given, not the one on disk', async () => {
    await using host = new TestPool();
    using project = new Project({ ...configuration, 'a.js': careless });
    const session = new ESLintSession(host, project, major);
    expect(await session.lint('a.js', { text: 'export const a = 1;\n' })).toEqual({
      kind: 'linted',
      problems: [],
    });
    expect(await session.lint('unsaved.js', { text: 'export const a = 1 == 1;\n' })).toMatchObject({
      problems: [{ rule: 'eqeqeq', range: { start: { line: 0, column: 19 } } }],
    });
  });

  test('names each rule and the page that explains it', async () => {
    await using host = new TestPool();
    using project = new Project(configuration);
    const session = new ESLintSession(host, project, major);
    expect(await session.lint('a.js', { text: 'var a;\n' })).toMatchObject({
      problems: [
        { rule: 'no-var', ruleUrl: 'https://eslint.org/docs/latest/rules/no-var' },
        { rule: 'no-unused-vars', tags: ['unnecessary'] },
      ],
    });
  });

  test('leaves alone what the project ignores, what is installed, and what it has no rules for', async () => {
    await using host = new TestPool();
    using project = new Project(configuration);
    const session = new ESLintSession(host, project, major);
    const ignored = ['generated/a.js', 'node_modules/x/a.js', 'a.md', 'a.ts'];
    const reports = await Promise.all(ignored.map(name => session.lint(name, { text: careless })));
    expect(reports).toEqual(ignored.map(() => ({ kind: 'ignored' })));
    expect(await session.fix('generated/a.js', { text: careless })).toEqual({ kind: 'ignored' });
  });
});

/** A plugin with one rule, `trouble/rule`, whose `create` is this code. */
function trouble(form: string, create: string): Record<string, string> {
  const plugin = `module.exports = { rules: { rule: { meta: { docs: { url: 'ftp://no.where' } }, create(context) { ${create} } } } };`;
  if (form === 'eslintrc') {
    return {
      '.eslintrc.json': '{"root":true,"plugins":["trouble"],"rules":{"trouble/rule":2}}',
      'node_modules/eslint-plugin-trouble/index.js': plugin,
    };
  }
  return {
    'trouble.cjs': plugin,
    'eslint.config.js':
      'module.exports = [{ plugins: { trouble: require("./trouble.cjs") }, rules: { "trouble/rule": 2 } }];',
  };
}

describe.each(forms)('with ESLint %i and configuration that is %s, trouble:', (major, form) => {
  const broken: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'does not parse': {
      'eslint.config.js': 'module.exports = [',
      '.eslintrc.json': '{"root": tru}',
    },
    throws: {
      'eslint.config.js': 'throw new Error("not today")',
      '.eslintrc.js': 'throw new Error("not today")',
    },
    'names a plugin that is not installed': {
      'eslint.config.js': 'module.exports = [require("eslint-plugin-missing")]',
      '.eslintrc.json': '{"root":true,"plugins":["missing"]}',
    },
    'has a rule with options of the wrong type': {
      'eslint.config.js': 'module.exports = [{rules:{eqeqeq:["error",7]}}]',
      '.eslintrc.json': '{"root":true,"rules":{"eqeqeq":["error",7]}}',
    },
    'is of a shape that ESLint does not know': {
      'eslint.config.js': 'module.exports = [{rulez:{}}]',
      '.eslintrc.json': '{"root":true,"rulez":{}}',
    },
  };

  test.each(Object.entries(broken))('configuration that %s is reported', async (_what, files) => {
    await using host = new TestPool();
    const isMeant = ([name]: [string, string]) =>
      name.startsWith('.eslintrc') === (form !== 'flat');
    using project = new Project(Object.fromEntries(Object.entries(files).filter(isMeant)));
    const session = new ESLintSession(host, project, major);
    const report = await session.lint('a.js', { text: careless });
    expect(report).toEqual({
      kind: 'configurationError',
      message: expect.stringMatching(/\w/u) as string,
      ...(form === 'flat' && { file: project.path('eslint.config.js') }),
    });
    expect(await session.fix('a.js', { text: careless })).toEqual(report);
  });

  test('a rule that throws fails the call, which names the rule; the session goes on', async () => {
    await using host = new TestPool();
    using project = new Project(
      trouble(form, 'return { DebuggerStatement() { throw new Error("unwell"); } };'),
    );
    const session = new ESLintSession(host, project, major);
    const failure = session.lint('a.js', { text: 'debugger;\n' });
    await expect(failure).rejects.toMatchObject({
      code: 'call.failed',
      message: expect.stringMatching(/unwell[^]*trouble\/rule/u) as string,
    });
    expect(await session.lint('a.js', { text: '' })).toEqual({ kind: 'linted', problems: [] });
    expect(host.pids).toHaveLength(1);
  });

  test('a rule that loops is stopped at the deadline of the call', async () => {
    await using host = new TestPool({ graceMs: 100, replacesLost: false });
    using project = new Project(trouble(form, 'return { DebuggerStatement() { for (;;); } };'));
    const session = new ESLintSession(host, project, major);
    const loop = session.lint('a.js', { text: 'debugger;\n' }, { deadlineMs: 1_500 });
    await expect(loop).rejects.toMatchObject({ code: 'call.deadline' });
    expect(await session.lint('a.js', { text: '' })).toEqual({ kind: 'linted', problems: [] });
  });

  test('a rule that floods is cut short', async () => {
    await using host = new TestPool();
    using project = new Project(
      trouble(
        form,
        'return { Program(node) { for (let n = 0; n < 6000; n++) context.report({ node, message: "x".repeat(9000) }); } };',
      ),
    );
    const report = await new ESLintSession(host, project, major).lint('a.js', { text: '' });
    if (report.kind !== 'linted') throw new Error(report.kind);
    expect(report.omitted).toBe(6_000 - lintLimits.problems);
    expect(report.problems).toHaveLength(lintLimits.problems);
    expect(report.problems[0]!.message).toHaveLength(4_000);
    expect(report.problems[0]).not.toHaveProperty('ruleUrl');
  });

  test('a project without configuration is told apart', async () => {
    await using host = new TestPool();
    using project = new Project();
    const session = new ESLintSession(host, project, major);
    expect(await session.lint('a.js', { text: careless })).toEqual({ kind: 'noConfiguration' });
  });

  test('without trust nothing of the project is loaded', async () => {
    await using host = new TestPool();
    const trap = 'require("node:fs").writeFileSync(__dirname + "/ran", ""); module.exports = []';
    using project = new Project({
      'eslint.config.js': trap,
      '.eslintrc.js': trap,
      'node_modules/eslint/package.json': '{"name":"eslint","version":"9.0.0","main":"./index.js"}',
      'node_modules/eslint/index.js': trap,
    });
    const directory = project.path('node_modules/eslint');
    const session = new ESLintSession(host, project, major, { trusted: false, directory });
    expect(await session.lint('a.js', { text: careless })).toEqual({ kind: 'restricted' });
    expect(await session.fix('a.js', { text: careless })).toEqual({ kind: 'restricted' });
    expect(project.entries.filter(name => name.endsWith('ran'))).toEqual([]);
    expect(fs.existsSync(path.join(repository, 'ran'))).toBe(false);
  });
});

describe.each([8, 9, 10] as const)('ESLint %i with typescript-eslint', (major: ESLintMajor) => {
  const typed = `const tseslint = require('typescript-eslint');
    module.exports = [{
      files: ['**/*.ts'],
      plugins: { '@typescript-eslint': tseslint.plugin },
      languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
      rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-unnecessary-condition': 'warn' },
    }];`;
  const open = (files: Readonly<Record<string, string>> = {}) =>
    new Project({
      'eslint.config.js': typed,
      'tsconfig.json': '{"compilerOptions":{"strict":true,"skipLibCheck":true},"include":["src"]}',
      'src/work.ts': 'export async function work(): Promise<number> { return 1; }\n',
      'src/a.ts': 'import { work } from "./work";\nwork();\nif (work) console.log(1);\n',
      ...files,
    })
      .link('typescript-eslint', path.join(repository, 'node_modules/typescript-eslint'))
      .link('typescript', path.join(repository, 'node_modules/typescript'));

  test('follows rules that need types, as its command line does', async () => {
    await using host = new TestPool();
    using project = open();
    const session = new ESLintSession(host, project, major);
    const text = fs.readFileSync(project.path('src/a.ts'), 'utf8');
    const expected = (await lintByCommandLine(major, project, ['src/a.ts'])).get('src/a.ts')!;
    expect(expected.messages.map(({ ruleId }) => ruleId)).toContain(
      '@typescript-eslint/no-floating-promises',
    );
    const report = await session.lint('src/a.ts');
    expect(plainReport(report, text)).toEqual(plainResult(expected, text));
    expect(report).toMatchObject({ keepsOthers: true });
  });

  test('sees types of another document as that one was linted last', async () => {
    await using host = new TestPool();
    using project = open();
    const session = new ESLintSession(host, project, major);
    const rulesOf = async () => {
      const report = await session.lint('src/a.ts', {
        text: 'import { work } from "./work";\nwork();\n',
      });
      return report.kind === 'linted' ? report.problems.map(({ rule }) => rule) : report.kind;
    };
    expect(await rulesOf()).toEqual(['@typescript-eslint/no-floating-promises']);
    const text = 'export function work(): number { return 1; }\n';
    project.write('src/work.ts', text);
    await session.lint('src/work.ts', { text });
    expect(await rulesOf()).toEqual([]);
  });
});

describe('ESLint 8 with eslintrc', () => {
  const parser = '@typescript-eslint/parser';
  const open = (configuration: object) =>
    new Project({
      '.eslintrc.json': JSON.stringify({ root: true, ...configuration }),
      'tsconfig.json': '{"compilerOptions":{"strict":true,"skipLibCheck":true},"include":["src"]}',
      'src/a.ts': 'export async function work(): Promise<void> {}\nwork();\n',
    })
      .link(parser, path.join(repository, 'node_modules', parser))
      .link(
        '@typescript-eslint/eslint-plugin',
        path.join(repository, 'node_modules/@typescript-eslint/eslint-plugin'),
      )
      .link('typescript', path.join(repository, 'node_modules/typescript'));

  test('lints other languages when a parser for them is configured, with types', async () => {
    await using host = new TestPool();
    using project = open({
      parser,
      parserOptions: { project: './tsconfig.json' },
      plugins: ['@typescript-eslint'],
      rules: { '@typescript-eslint/no-floating-promises': 'error' },
    });
    const report = await new ESLintSession(host, project, 8).lint('src/a.ts');
    const text = fs.readFileSync(project.path('src/a.ts'), 'utf8');
    const expected = await lintByCommandLine(8, project, ['src/a.ts']);
    expect(plainReport(report, text)).toEqual(plainResult(expected.get('src/a.ts')!, text));
    expect(report).toMatchObject({ problems: [{}], keepsOthers: true });
  });

  test('leaves other languages alone when nothing is configured for them', async () => {
    await using host = new TestPool();
    using project = open({ rules: { 'no-var': 'error' } });
    const session = new ESLintSession(host, project, 8);
    expect(await session.lint('src/a.ts')).toEqual({ kind: 'ignored' });
  });
});

test('a lint that nobody wants any more is not begun, or else let finish; its session goes on', async () => {
  await using host = new TestPool({ graceMs: 100 });
  using project = new Project(
    trouble(
      'flat',
      'return { DebuggerStatement() { for (const end = Date.now() + 500; Date.now() < end; ); } };',
    ),
  );
  const session = new ESLintSession(host, project, 10);
  await session.lint('a.js', { text: '' });
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const running = new Withdrawal();
  const waiting = new Withdrawal();
  const slow = session.lint(
    'a.js',
    { text: 'debugger;\n' },
    {
      signal: running.signal,
      onStart: () => {
        running.onStart();
        resolve();
      },
    },
  );
  await begun;
  const late = session.lint('b.js', { text: '' }, { signal: waiting.signal });
  running.withdraw();
  waiting.withdraw();
  await expect(late).rejects.toMatchObject({ code: 'call.cancelled' });
  expect(await slow).toEqual({ kind: 'linted', problems: [] });
  expect(await session.lint('a.js', { text: '' })).toEqual({ kind: 'linted', problems: [] });
  expect(host.pids).toHaveLength(1);
});

test('a package that is not ESLint, or too old a one, cannot be opened', async () => {
  await using host = new TestPool({ replacesLost: false });
  const real = JSON.stringify(eslintPackages[8]);
  using project = new Project({
    'not/package.json': '{"name":"eslint","version":"9.0.0"}',
    'not/index.js': 'module.exports = {}',
    'old/package.json': '{"name":"eslint","version":"7.32.0"}',
    'old/index.js': `module.exports = { ESLint: class extends require(${real}).ESLint { static version = '7.32.0' } }`,
  });
  const open = (name: string) =>
    new ESLintSession(host, project, 9, { directory: project.path(name) }).lint('a.js', {
      text: '',
    });
  await expect(open('not')).rejects.toMatchObject({ code: 'tool.load' });
  await expect(open('old')).rejects.toMatchObject({
    code: 'tool.load',
    message: expect.stringContaining('7.32.0 is too old') as string,
  });
});
