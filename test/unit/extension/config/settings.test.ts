import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings, type SettingProblem } from '../../../../extension/config/settings.ts';
import { commandIds, panelViewType, settingKeys } from '../../../../extension/contributions.ts';
import {
  prettierLanguages,
  pythonLanguages,
} from '../../../../extension/features/formatting/languages.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (name: string) =>
  JSON.parse(fs.readFileSync(path.join(root, name), 'utf8')) as unknown;

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; category: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { default: unknown; scope: string; markdownDescription: string }>
      >;
    };
  };
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
}

const manifest = read('package.json') as Manifest;
const properties = manifest.contributes.configuration.properties;

function readWith(values: Readonly<Record<string, unknown>>) {
  const problems: SettingProblem[] = [];
  const defaultOf = (key: string) => properties[`greenroom.${key}`]?.default;
  const settings = readSettings(
    {
      get: (key: string) => (key in values ? values[key] : defaultOf(key)),
      inspect: ((key: string) => ({ key, defaultValue: defaultOf(key) })) as never,
    },
    problem => problems.push(problem),
  );
  return { settings, problems };
}

describe('settings', () => {
  test('have valid defaults', () => {
    expect(readWith({})).toEqual({
      problems: [],
      settings: {
        prettierEnabled: true,
        prettierSource: 'projectThenBundled',
        prettierPath: '',
        prettierTimeoutMs: 10_000,
        nodePath: '',
        confinement: 'preferred',
        readableFolders: [],
        childProcesses: [],
        prewarm: true,
        keepaliveMs: 900_000,
        memoryLimitMb: 2_048,
        sessionsEnabled: true,
        minReplicas: 1,
        maxReplicas: 1,
        eslintEnable: 'auto',
        eslintRun: 'onType',
        eslintValidate: expect.arrayContaining(['javascript', 'typescript', 'vue']) as string[],
        eslintWorkingDirectories: [],
        eslintPath: '',
        eslintTimeoutMs: 30_000,
        pythonInterpreter: '',
        pythonFormatters: ['black'],
        pythonLinters: [],
        pythonRun: 'onSave',
        pythonTimeoutMs: 30_000,
        languageServers: [],
        preferredProvider: 'tools',
        limits: {
          maxCallsAtOnce: 8,
          maxQueuedCalls: 1_000,
          spares: 1,
          recycleMemoryMb: 1_024,
          recycleMemoryAfterCalls: 100,
          recycleCalls: 10_000,
          recycleAgeMs: 8 * 3_600_000,
          startTimeoutMs: 10_000,
          toolTimeoutMs: 10_000,
          slowMs: 5_000,
          silenceMs: 10_000,
          serverSilenceMs: 60_000,
          graceMs: 2_000,
          drainMs: 5_000,
          endStepMs: 1_000,
          restartDelayMs: 250,
          maxRestartDelayMs: 30_000,
          provenMs: 10_000,
          maxLosses: 5,
          retryAfterMs: 30_000,
          idleProcessorMs: 60_000,
        },
      },
    });
  });

  test.each([
    ['prettier.timeout', 'soon'],
    ['prettier.timeout', 1],
    ['prettier.timeout', null],
    ['prettier.enable', 'yes'],
    ['prettier.source', 'anywhere'],
    ['prettier.path', 7],
    ['eslint.enable', true],
    ['eslint.run', 'never'],
    ['eslint.validate', 'javascript'],
    ['node.path', ['/usr/bin/node']],
    ['sessions.keepalive', -1],
    ['sessions.keepalive', 1.5],
    ['sessions.memoryLimit', 1e9],
    ['sessions.prewarm', 0],
    ['confinement', 'always'],
    ['sessions.readableFolders', ['src']],
    ['sessions.drainTimeout', 'long'],
    ['sessions.gracePeriod', 0],
    ['languageServers', { name: 'yaml-language-server' }],
    ['preferredProvider', 'both'],
  ])('%s of %o is reported, and its default is used', (key, value) => {
    const { settings, problems } = readWith({ [key]: value });
    expect(settings).toEqual(readWith({}).settings);
    expect(problems).toEqual([{ key, message: expect.stringMatching(/^Invalid /u) as string }]);
  });
});

describe('the manifest', () => {
  test('contributes the commands that the code registers, in one category', () => {
    const { commands } = manifest.contributes;
    expect(commands.map(({ command }) => command).sort()).toEqual(Object.values(commandIds).sort());
    expect(new Set(commands.map(({ category }) => category))).toEqual(new Set(['Greenroom']));
  });

  test('contributes the settings that the code reads', () => {
    const keys = Object.values(settingKeys).map(key => `greenroom.${key}`);
    expect(Object.keys(properties).sort()).toEqual(keys.sort());
  });

  test('lets no workspace choose a program unless it is trusted', () => {
    const paths = Object.keys(properties).filter(key =>
      /\.(path|interpreter|languageServers)$/u.test(key),
    );
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(
      expect.arrayContaining(paths),
    );
    expect(paths.map(key => properties[key]!.scope)).toEqual(
      paths.map(() => 'machine-overridable'),
    );
  });

  test('is activated for each language that it formats, before somebody asks for that', () => {
    const languages = [...prettierLanguages.documents, ...pythonLanguages.documents];
    expect(manifest.activationEvents).toEqual(
      expect.arrayContaining(languages.map(id => `onLanguage:${id}`)),
    );
  });

  test('is activated to restore the panel', () => {
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${panelViewType}`);
  });

  test('has a text for every placeholder, and a placeholder for every text', () => {
    const used = JSON.stringify(manifest)
      .match(/%[\w.-]+%/gu)!
      .map(place => place.slice(1, -1));
    const texts = read('package.nls.json') as Record<string, string>;
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
  });
});
