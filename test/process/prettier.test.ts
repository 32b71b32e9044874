import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  formatByCommandLine,
  prettierPackages,
  Project,
  type PrettierMajor,
} from '../support/project.ts';
import { PrettierSession } from '../support/prettierSessions.ts';
import { TestPool } from '../support/sessions.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const messy = 'const   a = {b:1, "c":[1,2,3]}\n\n\n\nfunction f( x ){return x+\'q\'}\n';

const documents: Readonly<Record<string, string>> = {
  'a.ts': `${messy}let t : Array<string>=[]`,
  'a.tsx': 'export const A=()=><div   className="x">{ 1 }</div>',
  'a.js': messy,
  'a.jsx': 'const A=()=><p>hi   there</p>',
  'a.vue': '<template><p>a</p   ></template>\n<script>export default {a:1}</script>',
  'a.css': 'a{color:red;b:c}',
  'a.scss': '$a:1;a{b:$a;&:hover{c:d}}',
  'a.less': '@a:1;a{b:@a}',
  'a.json': '{"a":1,\n"b":[1,2]}',
  'a.json5': '{a:1,}',
  'a.md': '*  one\n*  two\n\n```js\na  =  1\n```\n',
  'a.mdx': '# hi\n\n<A   b="1"/>\n',
  'a.html': '<!doctype html><p>a<script>a  =  1</script>',
  'a.yaml': 'a:   1\nb:\n    - 1\n',
  'a.graphql': 'query{a(b:1){c}}',
  'a.hbs': '{{#if a}}b{{/if}}',
  'package.json': '{"name":"x","version":"1.0.0"}',
  '.prettierrc': '{}',
  'crlf.js': messy.replaceAll('\n', '\r\n'),
  'bom.js': `\uFEFF${messy}`,
  'emoji.js': 'const a="😀"+   "😁"\n',
  'empty.js': '',
};

const configurations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no configuration': {},
  '.prettierrc (YAML)': { '.prettierrc': 'semi: false\nsingleQuote: true\n' },
  '.prettierrc.json': { '.prettierrc.json': '{"tabWidth":8}' },
  '.prettierrc.json5': { '.prettierrc.json5': '{tabWidth:3,}' },
  '.prettierrc.yaml': { '.prettierrc.yaml': 'useTabs: true\n' },
  '.prettierrc.toml': { '.prettierrc.toml': 'printWidth = 20\n' },
  '.prettierrc.js': { '.prettierrc.js': 'module.exports={semi:false}' },
  'prettier.config.cjs': { 'prettier.config.cjs': 'module.exports={singleQuote:true}' },
  'package.json': { 'package.json': '{"prettier":{"semi":false}}' },
  '.editorconfig': {
    '.editorconfig': '[*]\nindent_style=tab\n[*.ts]\nindent_style=space\nindent_size=6\n',
  },
  overrides: {
    '.prettierrc.json': '{"semi":true,"overrides":[{"files":"*.ts","options":{"semi":false}}]}',
  },
  'a shared package': {
    '.prettierrc.json': '"shared-config"',
    'node_modules/shared-config/package.json': '{"name":"shared-config","main":"index.json"}',
    'node_modules/shared-config/index.json': '{"semi":false,"tabWidth":5}',
  },
  'endOfLine crlf': { '.prettierrc.json': '{"endOfLine":"crlf"}' },
};

const only3: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'prettier.config.mjs': { 'prettier.config.mjs': 'export default {semi:false}' },
  'prettier.config.ts': {
    'prettier.config.ts': 'const o: object = {semi:false}; export default o',
  },
  '.prettierrc.mts': { '.prettierrc.mts': 'export default {tabWidth:7} as object' },
  'package.yaml': { 'package.yaml': 'prettier:\n  semi: false\n' },
};

describe.each([2, 3] as const)('Prettier %i', (major: PrettierMajor) => {
  test.each(Object.keys(documents))('formats %s as its command line does', async name => {
    await using host = new TestPool();
    using project = new Project({ [name]: documents[name]! });
    const session = new PrettierSession(host, project, major);
    expect(await session.format(name)).toBe(
      await formatByCommandLine(major, project.path(name), project.root),
    );
  });

  test.each(Object.entries({ ...configurations, ...(major === 3 ? only3 : {}) }))(
    'follows %s',
    async (_name, files) => {
      await using host = new TestPool();
      using project = new Project({ ...files, 'src/a.ts': messy });
      const session = new PrettierSession(host, project, major);
      expect(await session.format('src/a.ts')).toBe(
        await formatByCommandLine(major, project.path('src/a.ts'), project.root),
      );
    },
  );

  test('follows configuration that changes between two calls', async () => {
    await using host = new TestPool();
    using project = new Project({ '.prettierrc.json': '{"semi":true}', 'a.js': messy });
    const session = new PrettierSession(host, project, major);
    const before = await session.format('a.js');
    project.write('.prettierrc.json', '{"semi":false}');
    expect(await session.format('a.js')).not.toBe(before);
  });

  test('formats a part of a document as the command line does', async () => {
    await using host = new TestPool();
    const text = 'a  =  1\nb  =  2\nc  =  3\n';
    using project = new Project({ 'a.ts': text });
    const session = new PrettierSession(host, project, major);
    const range = { start: text.indexOf('b'), end: text.indexOf('c') - 1 };
    expect(await session.format('a.ts', { range })).toBe(
      await formatByCommandLine(major, project.path('a.ts'), project.root, [
        `--range-start=${range.start}`,
        `--range-end=${range.end}`,
      ]),
    );
  });

  test('leaves alone what .prettierignore names, and what is installed', async () => {
    await using host = new TestPool();
    using project = new Project({ '.prettierignore': 'generated/\n' });
    const session = new PrettierSession(host, project, major);
    const reports = await Promise.all(
      ['generated/a.ts', 'node_modules/x/a.js'].map(name => session.reportText(messy, name)),
    );
    expect(reports).toEqual([{ kind: 'ignored' }, { kind: 'ignored' }]);
  });

  test('tells where the syntax is wrong', async () => {
    await using host = new TestPool();
    using project = new Project();
    const report = await new PrettierSession(host, project, major).reportText(
      'let a;\nlet b = ;\n',
      'a.ts',
    );
    expect(report).toMatchObject({
      kind: 'syntaxError',
      message: expect.any(String) as string,
      line: 2,
      column: 9,
    });
  });

  test.each([
    ['does not parse', { '.prettierrc.json': '{"semi": maybe}' }],
    ['throws', { 'prettier.config.cjs': 'throw new Error("not today")' }],
    ['names a plugin that is not there', { '.prettierrc.json': '{"plugins":["no-such-plugin"]}' }],
    ['has an option of the wrong type', { '.prettierrc.json': '{"tabWidth":"wide"}' }],
    ['throws something that is no error', { 'prettier.config.cjs': 'throw "words"' }],
  ])('reports configuration that %s', async (_what, files) => {
    await using host = new TestPool();
    using project = new Project(files);
    const report = await new PrettierSession(host, project, major).reportText(messy, 'a.ts');
    expect(report).toMatchObject({
      kind: 'configurationError',
      message: expect.any(String) as string,
    });
  });

  test('stops configuration that loops at the deadline of the call', async () => {
    await using host = new TestPool({ graceMs: 100, replacesLost: false });
    using project = new Project({ 'prettier.config.cjs': 'for (;;);' });
    const session = new PrettierSession(host, project, major);
    const report = session.reportText(messy, 'a.ts', { deadlineMs: 300 });
    await expect(report).rejects.toMatchObject({ code: 'call.deadline' });
  });

  test('says that it does not know a kind of file', async () => {
    await using host = new TestPool();
    using project = new Project();
    const session = new PrettierSession(host, project, major);
    expect(await session.reportText('x', 'a.unheardof')).toEqual({ kind: 'unsupported' });
  });

  test('takes the language from the editor when the name says nothing', async () => {
    await using host = new TestPool();
    using project = new Project();
    const session = new PrettierSession(host, project, major);
    const request = { text: 'a  =  1', languageId: 'javascript' };
    expect(await session.report({ ...request, path: project.path('noextension') })).toMatchObject({
      kind: 'formatted',
    });
    expect(await session.report(request)).toMatchObject({ kind: 'formatted' });
  });

  test('gives each of two hundred documents, asked for at once, its own text', async () => {
    await using host = new TestPool();
    using project = new Project();
    const session = new PrettierSession(host, project, major);
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    const reports = await Promise.all(
      numbers.map(n => session.reportText(`value${n}  =  ${n}`, `file${n}.ts`)),
    );
    expect(
      reports.map(report => (report.kind === 'formatted' ? report.edit.text : report.kind)),
    ).toEqual(numbers.map(n => `= ${n};\n`));
    expect(host.pids).toHaveLength(1);
  });

  test('works through symlinked node_modules', async () => {
    await using host = new TestPool();
    using project = new Project({ 'a.ts': messy }).installPrettier(major);
    const session = new PrettierSession(host, project, major, {
      directory: project.path('node_modules/prettier'),
    });
    expect(await session.format('a.ts')).toBe(
      await formatByCommandLine(major, project.path('a.ts'), project.root),
    );
  });
});

describe('Prettier 3', () => {
  test('formats the languages of a plugin that the project has installed', async () => {
    await using host = new TestPool();
    using project = new Project({
      '.prettierrc.json': '{"plugins":["@prettier/plugin-xml"]}',
      'a.xml': '<a><b   c="d"/></a>',
    })
      .installPrettier(3)
      .link('@prettier/plugin-xml', path.join(repository, 'node_modules/@prettier/plugin-xml'));
    const session = new PrettierSession(host, project, 3);
    expect(await session.format('a.xml')).toBe(
      await formatByCommandLine(3, project.path('a.xml'), project.root),
    );
  });

  test('formats a document of five megabytes', async () => {
    await using host = new TestPool();
    const text = `[${'{"a":1,"b":[1,2,3],"c":"some text in a value"},\n'.repeat(105_000)}{}]`;
    expect(text.length).toBeGreaterThan(5_000_000);
    using project = new Project({ 'big.json': text });
    const session = new PrettierSession(host, project, 3);
    expect(await session.format('big.json')).toBe(
      await formatByCommandLine(3, project.path('big.json'), project.root),
    );
  });
});

describe('without trust', () => {
  const open = (host: TestPool, project: Project) =>
    new PrettierSession(host, project, 3, { trusted: false, origin: 'bundled' });

  test.each([
    ['.prettierrc.json', '{"semi":false}'],
    ['.prettierrc', '# words\nsemi: false\n'],
    ['.prettierrc.toml', 'semi = false\n'],
    ['package.json', '{"prettier":{"semi":false}}'],
    ['.editorconfig', '[*]\nindent_size=8\n'],
  ])('plain data in %s is followed', async (file, text) => {
    await using host = new TestPool();
    using project = new Project({ [file]: text, 'a.ts': messy });
    expect(await open(host, project).format('a.ts')).toBe(
      await formatByCommandLine(3, project.path('a.ts'), project.root),
    );
  });

  const trap = 'require("node:fs").writeFileSync(__dirname + "/ran", ""); module.exports = {}';
  const inPackage = { 'node_modules/trap/index.js': trap };
  test.each<[string, Readonly<Record<string, string>>]>([
    ['code', { 'prettier.config.cjs': trap }],
    [
      'code as a module',
      { 'prettier.config.mjs': 'import "./trap.cjs"; export default {}', 'trap.cjs': trap },
    ],
    [
      'code in TypeScript',
      { 'prettier.config.mts': 'import "./trap.cjs"; export default {}', 'trap.cjs': trap },
    ],
    ['the name of a package, in JSON', { '.prettierrc': '"trap"', ...inPackage }],
    ['the name of a package, in YAML', { '.prettierrc': 'trap', ...inPackage }],
    [
      'the name of a package, in package.json',
      { 'package.json': '{"prettier":"trap"}', ...inPackage },
    ],
    [
      'a name that looks like a mapping',
      { '.prettierrc': '"a: b"', 'node_modules/a: b/index.js': trap },
    ],
    [
      'a name over two lines',
      { '.prettierrc.yaml': "'a:\n  b'", 'node_modules/a: b/index.js': trap },
    ],
    [
      'a path that looks like a comment',
      { '.prettierrc': '//proc/self/cwd/trap.cjs', 'trap.cjs': trap },
    ],
    ['a name behind a strange line end', { '.prettierrc.json5': '// x\u2028"trap"', ...inPackage }],
    ['a plugin', { '.prettierrc.json': '{"plugins":["./trap.cjs"]}', 'trap.cjs': trap }],
    [
      'a plugin from a data URL',
      { '.prettierrc.json': '{"plugins":["data:text/javascript,export default {}"]}' },
    ],
    [
      'a plugin in an override',
      {
        '.prettierrc.json': '{"overrides":[{"files":"*.ts","options":{"plugins":["./trap.cjs"]}}]}',
        'trap.cjs': trap,
      },
    ],
  ])('configuration that holds %s is refused and does not run', async (_what, files) => {
    await using host = new TestPool();
    using project = new Project(files);
    expect(await open(host, project).reportText(messy, 'a.ts')).toMatchObject({
      kind: 'restricted',
    });
    const ran = ['ran', 'node_modules/trap/ran', 'node_modules/a: b/ran'].filter(name =>
      fs.existsSync(project.path(name)),
    );
    expect(ran).toEqual([]);
  });
});

test('a package that is not Prettier, or too old a one, cannot be opened', async () => {
  await using host = new TestPool({ replacesLost: false });
  using project = new Project({
    'not/package.json': '{"name":"prettier","version":"3.0.0"}',
    'not/index.js': 'module.exports = {}',
    'old/package.json': '{"name":"prettier","version":"1.19.1"}',
    'old/index.js': `module.exports = { ...require(${JSON.stringify(prettierPackages[2].directory)}), version: '1.19.1' }`,
  });
  const open = (name: string) =>
    new PrettierSession(host, project, 3, { directory: project.path(name) }).reportText(
      'a',
      'a.js',
    );
  await expect(open('not')).rejects.toMatchObject({ code: 'tool.load' });
  await expect(open('old')).rejects.toMatchObject({
    code: 'tool.load',
    message: expect.stringContaining('1.19.1 is too old') as string,
  });
});
