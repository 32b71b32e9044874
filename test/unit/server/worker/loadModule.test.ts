import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Marked } from '../../../../server/shared/rpc/values/policy.ts';
import { loadModule } from '../../../../server/worker/loadModule.ts';
import { Project } from '../../../support/project.ts';

async function load(file: string, exportName?: string): Promise<unknown> {
  return ((await loadModule(file, exportName)) as Marked).value;
}

describe('what a CommonJS module has put in place of its exports', () => {
  test.each([
    ['a function', 'module.exports = name => `hello ${name}`; module.exports.version = 3;'],
    ['a class', 'module.exports = class Greeter {};'],
    ['an object of a class', 'module.exports = new (class Greeter { greet() {} })();'],
  ])('is loaded as that, as types see it: %s', async (_what, text) => {
    using project = new Project({ 'module.cjs': text });
    const whole = await load(project.path('module.cjs'));
    expect(whole).toBe(await load(project.path('module.cjs'), 'default'));
    expect(whole).not.toHaveProperty('default');
  });

  test('has its own members under their names', async () => {
    const text = 'module.exports = () => 1; module.exports.other = () => 2;';
    using project = new Project({ 'module.cjs': text });
    const other = (await load(project.path('module.cjs'), 'other')) as () => number;
    expect(other()).toBe(2);
  });
});

test('a query that a CommonJS module exports does not run', async () => {
  const text = "module.exports = new (class Query { then() { throw new Error('it ran'); } })();";
  using project = new Project({ 'query.cjs': text });
  const { value } = (await loadModule(project.path('query.cjs'), undefined)) as Marked;
  expect(value).toHaveProperty('then');
});

test('what a CommonJS module exports as a promise is loaded once it is there', async () => {
  using project = new Project({
    'later.cjs': 'module.exports = (async () => () => 1)();',
    'fails.cjs': "module.exports = Promise.reject(new Error('not today'));",
  });
  expect(((await load(project.path('later.cjs'))) as () => number)()).toBe(1);
  await expect(load(project.path('fails.cjs'))).rejects.toMatchObject({
    code: 'tool.load',
    message: `could not load ${project.path('fails.cjs')}: not today`,
  });
});

test('plain exports, and those of an ES module, are loaded by their names, with the default among them', async () => {
  using project = new Project({
    'plain.cjs': 'exports.one = 1;',
    'list.cjs': 'module.exports = [1];',
    'only.mjs': 'export default name => name;',
  });
  expect(await load(project.path('plain.cjs'))).toEqual({ one: 1, default: { one: 1 } });
  expect(await load(project.path('list.cjs'))).toEqual({ 0: 1, default: [1] });
  const only = (await load(project.path('only.mjs'))) as { default(name: string): string };
  expect(only.default('you')).toBe('you');
});

test('a module that cannot be opened is told with the reason, and only one that is absent as absent', async () => {
  using project = new Project({ 'file.txt': '' });
  const failureOf = async (...names: string[]) =>
    load(project.path(...names)).catch((error: unknown) => String(error));
  for (const names of [['absent.mjs'], ['file.txt', 'below.mjs']]) {
    expect(await failureOf(...names)).toContain('it is not there, or not for this session');
  }
  const long = `${'x'.repeat(300)}.mjs`;
  expect(await failureOf(long)).toContain(
    `could not load ${path.join(project.root, long)}: ENAMETOOLONG`,
  );
  expect(await failureOf(long)).not.toContain('not there');
});
