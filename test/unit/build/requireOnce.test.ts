import events, { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { describe, expect, test } from 'vitest';
import { requireOnce, requiringOnce } from '../../../requireOnce.mjs';
import { Project } from '../../support/project.ts';

const sources = {
  'node_modules/vscode/index.js': `exports.version = '1.2.3';`,
  'other.js': `
    import * as vscode from 'vscode';
    export { vscode };`,
  'main.js': `
    import fs, { readFileSync } from 'node:fs';
    import path from 'node:path';
    import { join } from 'node:path';
    import * as os from 'node:os';
    import EventEmitter, { once } from 'node:events';
    import * as vscode from 'vscode';
    import { vscode as sameVscode } from './other.js';

    class Bell extends EventEmitter {}
    const same = module => module;

    export const both = [fs, readFileSync];
    export const apart = [path.join, join];
    export const isAll = typeof os.cpus === 'function' && os.default.cpus === os.cpus;
    export const bell = new Bell();
    export const emitter = [EventEmitter, once];
    export const version = vscode.version;
    export const isOne = vscode === sameVscode;
    export const given = same(require('node:fs'));
    export const text = \`same(require("node:fs")) and __toESM(require("node:fs"))\`;
    export const later = () => import('node:fs');`,
};

interface Bundle {
  readonly code: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** Bundles the sources as the worker is bundled, and runs them. */
async function bundle(project: Project, options: esbuild.BuildOptions): Promise<Bundle> {
  const outfile = project.path('bundle.cjs');
  await esbuild.build({
    entryPoints: [project.path('main.js')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    plugins: [requiringOnce],
    ...options,
  });
  const loaded = createRequire(outfile)(outfile) as Bundle['exports'];
  return { code: fs.readFileSync(outfile, 'utf8'), exports: loaded };
}

describe.each([
  ['for people', { minify: false }],
  ['minified', { minify: true }],
  ['without dynamic import', { supported: { 'dynamic-import': false } }],
])('a bundle %s', (_what, options) => {
  test('uses modules of Node and VS Code as they are', async () => {
    using project = new Project(sources);
    const { code, exports } = await bundle(project, options);
    expect(code).not.toMatch(/[\w$]+ = __toESM\(require\(/u);
    expect(code).not.toContain('require("vscode")');
    expect(exports['both']).toEqual([fs, fs.readFileSync]);
    expect(exports['apart']).toEqual([join, join]);
    expect(exports['emitter']).toEqual([events, once]);
    expect(exports['bell']).toBeInstanceOf(events);
    expect(exports).toMatchObject({ isAll: true, version: '1.2.3', isOne: true });
    const later = await (exports['later'] as () => Promise<{ default: unknown }>)();
    expect(later.default).toBe(fs);
  });

  test('keeps what only looks like a copy of a module', async () => {
    using project = new Project(sources);
    const { exports } = await bundle(project, options);
    expect(exports['given']).toBe(fs);
    expect(exports['text']).toBe('same(require("node:fs")) and __toESM(require("node:fs"))');
  });
});

test('code without a copy of a module stays as it is', () => {
  const code = 'var a = promisify(require("node:fs")), b = `__toESM(require("node:fs"))`;';
  expect(requireOnce(code)).toBe(code);
});

test('VS Code required in another way is noticed', () => {
  expect(() => requireOnce('var a = same(require("vscode"));')).toThrow('not known here');
});
