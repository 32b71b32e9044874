import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LintRequest } from '../../server/shared/protocol/linting.ts';
import {
  ESLintSession,
  lintByCommandLine,
  plainReport,
  plainResult,
  type ESLintMajor,
} from '../support/eslintSessions.ts';
import { Project } from '../support/project.ts';
import { repository, TestPool } from '../support/sessions.ts';

type Files = Readonly<Record<string, string>>;

const majors = [8, 9, 10] as const;

/** Problems and fixes of these files are those of the command line. */
async function expectSame(
  major: ESLintMajor,
  project: Project,
  names: readonly string[],
  request: Partial<LintRequest> = {},
): Promise<void> {
  await using host = new TestPool();
  const session = new ESLintSession(host, project, major);
  const [expected, fixed] = await Promise.all([
    lintByCommandLine(major, project, names),
    lintByCommandLine(major, project, names, ['--fix-dry-run']),
  ]);
  for (const name of names) {
    const text = project.read(name);
    const wanted = plainResult(expected.get(name)!, text);
    expect([name, plainReport(await session.lint(name, request), text)]).toEqual([name, wanted]);
    const output = fixed.get(name)!.output ?? text;
    expect([name, await session.fixed(name, request)]).toEqual([name, output]);
  }
}

const careless = 'var a = b == c;\ndebugger;\n';

const flat = (...objects: readonly object[]) => `module.exports = ${JSON.stringify(objects)};`;

describe.each([9, 10] as const)('suppressions with ESLint %i', major => {
  const open = (files: Files = {}) =>
    new Project({
      'eslint.config.js': flat({
        rules: { eqeqeq: 'error', 'no-var': 'warn', 'no-alert': 'error' },
      }),
      'eslint-suppressions.json': JSON.stringify({
        'a.js': { eqeqeq: { count: 2 }, 'no-var': { count: 1 } },
        'sub/é b.js': { eqeqeq: { count: 1 }, 'no-alert': { count: 9 } },
      }),
      'a.js': 'var a = 1 == 2;\na = 3 == 4;\nalert(a);\n',
      'sub/é b.js': 'let b = 1 == 2 == 3;\nalert(b);\n',
      ...files,
    });

  test('leave out what the command line leaves out', async () => {
    using project = open();
    await expectSame(major, project, ['a.js', 'sub/é b.js']);
  });

  test('count for text that is not saved: what is mended stays mended, one more shows all', async () => {
    await using host = new TestPool();
    using project = open();
    const session = new ESLintSession(host, project, major);
    const rulesOf = async (text: string) => {
      const report = await session.lint('a.js', { text });
      return report.kind === 'linted' ? report.problems.map(({ rule }) => rule) : report.kind;
    };
    expect(await rulesOf('1 == 2;\n')).toEqual([]);
    expect(await rulesOf('1 == 2;\n3 == 4;\n5 == 6;\n')).toEqual(['eqeqeq', 'eqeqeq', 'eqeqeq']);
  });

  test('that cannot be read are told as such', async () => {
    await using host = new TestPool();
    using project = open({ 'eslint-suppressions.json': '{' });
    const file = project.path('eslint-suppressions.json');
    expect(await new ESLintSession(host, project, major).lint('a.js')).toEqual({
      kind: 'configurationError',
      message: `Failed to parse suppressions file at ${file}`,
      file,
    });
  });
});

describe('several packages', () => {
  const names = ['x.js', 'packages/a/x.js', 'packages/b/x.js', 'packages/b/src/x.js'];
  const sources = Object.fromEntries(names.map(name => [name, careless]));

  test.each(majors)('of one flat configuration, with ESLint %i', async major => {
    using project = new Project({
      ...sources,
      'eslint.config.js': flat(
        { rules: { eqeqeq: 'error' } },
        { files: ['packages/a/**'], rules: { 'no-var': 'error' } },
        { files: ['**/src/*.js'], rules: { 'no-debugger': 'error' } },
      ),
    });
    await expectSame(major, project, names);
  });

  test.each([9, 10] as const)('told apart by `basePath`, with ESLint %i', async major => {
    using project = new Project({
      ...sources,
      'eslint.config.js': flat({ basePath: 'packages/b', files: ['*.js'], rules: { eqeqeq: 2 } }),
    });
    await expectSame(major, project, names);
  });

  test('that have configuration of their own, wherever ESLint 10 is run', async () => {
    using project = new Project({
      ...sources,
      'eslint.config.js': flat({ rules: { eqeqeq: 'error' } }),
      'packages/b/eslint.config.js': flat({ files: ['src/*.js'], rules: { 'no-var': 'warn' } }),
    });
    await expectSame(10, project, names);
  });

  test('that add to the configuration above them, in the older form', async () => {
    using project = new Project({
      ...sources,
      '.eslintrc.json': '{"root":true,"rules":{"no-var":2}}',
      'packages/a/.eslintrc.yml': 'rules: { eqeqeq: 1 }\n',
      'packages/b/.eslintrc.json':
        '{"overrides":[{"files":"src/*.js","excludedFiles":"n.js","rules":{"no-debugger":2}}]}',
      'packages/b/src/package.json': '{"eslintConfig":{"rules":{"eqeqeq":2}}}',
    });
    await expectSame(8, project, names);
  });
});

describe.each(majors)('with ESLint %i', major => {
  test('a plugin in a store of links finds what it depends on there', async () => {
    const store = (name: string) => `node_modules/.pnpm/${name}@1.0.0/node_modules`;
    using project = new Project({
      'eslint.config.mjs':
        'import p from "eslint-plugin-p"; export default [{ plugins: { p }, rules: { "p/rule": 2 } }];',
      'a.js': careless,
      [`${store('p')}/eslint-plugin-p/index.js`]: `module.exports = { rules: { rule: { create(context) {
        return { DebuggerStatement(node) { context.report({ node, message: require('words') }); } };
      } } } };`,
      [`${store('words')}/words/index.js`]: 'module.exports = "from the store";',
    });
    project.link('eslint-plugin-p', project.path(store('p'), 'eslint-plugin-p'));
    project.link('words', project.path(store('words'), 'words'), path.dirname(store('p')));
    await expectSame(major, project, ['a.js']);
  });

  test('names of files are taken as they are', async () => {
    const names = ['a b.js', '[x].js', '(g)/[...x].js', '{a}.js', '!n.js', '.dot.js', '日本/ñ.js'];
    using project = new Project({
      'eslint.config.js': flat({ rules: { eqeqeq: 'error', 'no-var': 'warn' } }),
      ...Object.fromEntries(names.map(name => [name, careless])),
    });
    await expectSame(major, project, names);
  });

  test.each([true, 'warn', 'error', 'off'])(
    'directives without use are reported when the configuration says %s',
    async reportUnusedDisableDirectives => {
      // Version 8 knows true and false only.
      const isBoolean = major === 8;
      const linterOptions = {
        reportUnusedDisableDirectives: isBoolean
          ? reportUnusedDisableDirectives !== 'off'
          : reportUnusedDisableDirectives,
      };
      const unused =
        '/* eslint-disable eqeqeq, no-alert -- why */\r\nalert(1); // eslint-disable-line no-var, no-alert\r\n';
      using project = new Project({
        'eslint.config.js': flat({ linterOptions, rules: { eqeqeq: 2, 'no-alert': 2 } }),
        'a.js': unused,
        'bom.js': `\uFEFF${unused}`,
      });
      await expectSame(major, project, ['a.js', 'bom.js']);
    },
  );

  test('a byte order mark that the editor keeps apart is reported, and stays', async () => {
    await using host = new TestPool();
    using project = new Project({
      'eslint.config.js': flat({ rules: { 'unicode-bom': 'error', eqeqeq: ['error', 'always'] } }),
      'a.js': '\uFEFFtypeof a == b;\n',
    });
    const session = new ESLintSession(host, project, major);
    const text = project.read('a.js').slice(1);
    const expected = (await lintByCommandLine(major, project, ['a.js'])).get('a.js')!;
    const wanted = plainResult(expected, text);
    expect(wanted.map(({ rule }) => rule)).toEqual(['unicode-bom', 'eqeqeq']);
    const report = await session.lint('a.js', { text, hasByteOrderMark: true });
    expect(plainReport(report, text)).toEqual([{ ...wanted[0]!, fix: undefined }, wanted[1]]);
    expect(await session.fixed('a.js', { text, hasByteOrderMark: true })).toBe('typeof a === b;\n');
  });
});

/** Lints what stands between fences. */
const processor = `
  let starts = [];
  let whole = '';
  const docs = {
    supportsAutofix: true,
    preprocess(text) {
      const blocks = [...text.matchAll(/(\`\`\`js\\r?\\n)([^]*?)\`\`\`/g)];
      whole = text;
      starts = blocks.map(({ 1: fence, index }) => index + fence.length);
      return blocks.map(({ 2: code }, n) => ({ text: code, filename: n + '.js' }));
    },
    postprocess: lists => lists.flatMap((messages, n) => messages.map(message => {
      const above = whole.slice(0, starts[n]).split('\\n').length - 1;
      const toWhole = fix => fix && { ...fix, range: fix.range.map(at => at + starts[n]) };
      return {
        ...message,
        line: message.line + above,
        ...(message.endLine && { endLine: message.endLine + above }),
        ...(message.fix && { fix: toWhole(message.fix) }),
        suggestions: message.suggestions?.map(one => ({ ...one, fix: toWhole(one.fix) })),
      };
    })),
  };
  const rule = { create: context => ({ Program(node) { context.report({ node, message: 'block' }); } }) };
  module.exports = { processors: { docs }, rules: { rule } };`;

describe('code in other documents', () => {
  const page = '# a\n\n```js\nvar a = b == "\\d";\n```\n\ntext\n\n```js\nlet c = ;\n```\n';
  const pages = { 'a.md': page, 'crlf.md': page.replaceAll('\n', '\r\n') };
  const rules = { eqeqeq: 2, 'no-var': 1, 'no-useless-escape': 2, 'docs/rule': 2 };

  test.each(majors)('is what a processor gives to ESLint %i', async major => {
    using project = new Project({
      ...pages,
      'docs.cjs': processor,
      'eslint.config.js': `const docs = require('./docs.cjs'); module.exports = [
        { files: ['**/*.md'], plugins: { docs }, processor: 'docs/docs' },
        { files: ['**/*.md/*.js'], plugins: { docs }, rules: ${JSON.stringify(rules)} },
      ];`,
    });
    await expectSame(major, project, Object.keys(pages));
  });

  test('is linted when overrides of the older form name the documents', async () => {
    using project = new Project({
      ...pages,
      'node_modules/eslint-plugin-docs/index.js': processor,
      '.eslintrc.json': JSON.stringify({
        root: true,
        plugins: ['docs'],
        overrides: [
          { files: '*.md', processor: 'docs/docs' },
          { files: '**/*.md/*.js', parserOptions: { ecmaVersion: 2022 }, rules },
        ],
      }),
    });
    await expectSame(8, project, Object.keys(pages));
  });

  test('is left alone when a plugin is only named after their language', async () => {
    await using host = new TestPool();
    using project = new Project({
      'node_modules/eslint-plugin-tailwindcss/index.js': 'module.exports = {};',
      '.eslintrc.json': '{"root":true,"plugins":["tailwindcss"]}',
      'a.css': 'a { color: red }\n',
    });
    const session = new ESLintSession(host, project, 8);
    expect(await session.lint('a.css', { languageId: 'css' })).toEqual({ kind: 'ignored' });
  });
});

describe.each([9, 10] as const)('a language of a plugin, with ESLint %i,', major => {
  /** Its only rule reports the second and third character, and puts something before the first. */
  const language = `module.exports = ({ lineStart, columnStart }) => {
    class Code {
      constructor(text, ast, hasBOM) { Object.assign(this, { text, ast, hasBOM, lines: [text], visitorKeys: { Page: [] } }); }
      getLoc(node) { return node.loc; }
      getRange(node) { return node.range; }
      getParent() {}
      traverse() { return [1, 2].map(phase => ({ kind: 1, target: this.ast, phase, args: [this.ast] })); }
    }
    const place = (line, column) => ({ line: line + lineStart, column: column + columnStart });
    const plain = {
      fileType: 'text', lineStart, columnStart, nodeTypeKey: 'type', visitorKeys: { Page: [] },
      validateLanguageOptions() {},
      parse({ body }) {
        if (body.startsWith('!')) return { ok: false, errors: [{ message: 'no page', line: 1, column: 2 }] };
        const loc = { start: place(0, 1), end: place(0, 3) };
        return { ok: true, ast: { type: 'Page', range: [0, body.length], loc } };
      },
      createSourceCode: ({ body, bom }, { ast }) => new Code(body, ast, bom),
    };
    const rule = { meta: { type: 'problem', fixable: 'code' }, create: context => ({ Page(node) {
      const isFixed = context.sourceCode.text.startsWith('Z');
      context.report({ node, message: 'page', fix: fixer => isFixed ? null : fixer.insertTextBeforeRange([0, 0], 'Z') });
    } }) };
    return { languages: { plain }, rules: { rule } };
  };`;

  test.each([
    [0, 0],
    [1, 0],
    [1, 1],
  ])('counts lines from %i and columns from %i', async (lineStart, columnStart) => {
    using project = new Project({
      'language.cjs': language,
      'eslint.config.js': `const pages = require('./language.cjs')(${JSON.stringify({ lineStart, columnStart })});
        module.exports = [{ files: ['**/*.txt'], plugins: { pages }, language: 'pages/plain', rules: { 'pages/rule': 2 } }];`,
      'a.txt': 'abcdef\n',
      'bom.txt': '\uFEFFabcdef\r\n',
      'broken.txt': '!bcdef\n',
    });
    await expectSame(major, project, ['a.txt', 'bom.txt', 'broken.txt']);
  });
});

test('a project that was opened through a link is linted as at its real place, with types', async () => {
  await using host = new TestPool();
  using project = new Project({
    'real/eslint.config.js': `const { plugin, parser } = require('typescript-eslint');
      module.exports = [{
        files: ['**/*.ts'],
        plugins: { '@typescript-eslint': plugin },
        languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
        rules: { '@typescript-eslint/no-floating-promises': 'error' },
      }];`,
    'real/tsconfig.json': '{"compilerOptions":{"strict":true,"skipLibCheck":true}}',
    'real/a.ts': 'export async function work(): Promise<void> {}\nwork();\n',
  });
  project
    .link('typescript-eslint', path.join(repository, 'node_modules/typescript-eslint'))
    .link('typescript', path.join(repository, 'node_modules/typescript'));
  fs.symlinkSync(project.path('real'), project.path('link'), 'junction');
  const root = project.path('link');
  const report = await new ESLintSession(host, project, 10, { root }).lint('link/a.ts');
  const text = project.read('real/a.ts');
  const expected = await lintByCommandLine(10, project, ['real/a.ts']);
  expect(plainReport(report, text)).toEqual(plainResult(expected.get('real/a.ts')!, text));
  expect(report).toMatchObject({ problems: [{ rule: '@typescript-eslint/no-floating-promises' }] });
});
