import { describe, expect, test } from 'vitest';
import type { FoundServer } from '../../../../extension/languageServers/foundServer.ts';
import { parseServerEntries } from '../../../../extension/languageServers/serverEntry.ts';
import { serverRequest } from '../../../../extension/languageServers/serverRequest.ts';

const base = { executable: '/node', workerPath: '/dist/server.cjs', environment: { PATH: '/bin' } };
const settings = {
  memoryLimitMb: 512,
  keepaliveMs: 7,
  nodePath: '',
  confinement: 'preferred',
  readableFolders: ['/fonts'],
  childProcesses: [],
};
const found: FoundServer = {
  launch: { kind: 'node', module: '/shop/node_modules/y/bin.js', args: ['--stdio'] },
  directory: '/shop/node_modules/y',
  origin: 'project',
  version: '2.0.0',
};

function request(
  more: { entry?: object; found?: Partial<FoundServer>; settings?: object } = {},
  folders: readonly [string, ...string[]] = ['/shop'],
) {
  const [entry] = parseServerEntries(
    [{ name: 'yaml-language-server', ...more.entry }],
    new Set(),
  ).entries;
  const known = { ...settings, ...more.settings } as never;
  return serverRequest(entry!, { ...found, ...more.found }, folders, known, base);
}

describe('the session of a server', () => {
  test('is launched with what was found, confined to its folder', () => {
    expect(request()).toMatchObject({
      label: 'shop',
      tools: [],
      launch: {
        ...base,
        cwd: '/shop',
        memoryLimitMb: 512,
        keepaliveMs: 7,
        server: {
          name: 'yaml-language-server',
          version: '2.0.0',
          origin: 'project',
          runtime: 'node',
          args: ['/shop/node_modules/y/bin.js', '--stdio'],
        },
        confinement: {
          demands: [],
          workspace: '/shop',
          readable: ['/shop/node_modules/y', '/fonts'],
          needsChildren: false,
          needsScratch: false,
        },
      },
    });
  });

  test.each([
    [
      { kind: 'python', interpreter: '/venv/bin/python', args: ['-m', 'pylsp'] } as const,
      { runtime: 'python', program: '/venv/bin/python', args: ['-m', 'pylsp'] },
    ],
    [
      { kind: 'program', program: '/usr/bin/ruff', args: ['server'] } as const,
      { runtime: 'other', program: '/usr/bin/ruff', args: ['server'] },
    ],
  ])('runs what is no Node program as it is: %o', (launch, server) => {
    expect(request({ found: { launch, origin: 'path' } }).launch.server).toMatchObject({
      origin: 'machine',
      ...server,
    });
  });

  test('sees every folder that it works for', () => {
    const { launch } = request({}, ['/shop', '/bank']);
    expect(launch.confinement?.readable).toContain('/bank');
  });

  test('may start programs when its entry or the user says so', () => {
    const needs = (more: object) => request(more).launch.confinement?.needsChildren;
    expect(needs({ entry: { childProcesses: true } })).toBe(true);
    expect(needs({ settings: { childProcesses: ['yaml-language-server'] } })).toBe(true);
  });

  test('is confined as strictly as the user demands', () => {
    const { demands } = request({ settings: { confinement: 'required' } }).launch.confinement!;
    expect(demands).toEqual(['read', 'write', 'connect', 'spawn']);
    expect(request({ settings: { confinement: 'off' } }).launch.confinement).toBeUndefined();
  });

  test('is another for other folders and versions, and a new version ends the one before', () => {
    const [one, newer, elsewhere] = [
      request(),
      request({ found: { version: '3.0.0' } }),
      request({}, ['/bank']),
    ];
    expect(new Set([one.key, newer.key, elsewhere.key]).size).toBe(3);
    expect(newer.family).toBe(one.family);
    expect(elsewhere.family).not.toBe(one.family);
  });
});
