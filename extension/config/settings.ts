import path from 'node:path';
import * as v from 'valibot';
import type { WorkspaceConfiguration } from 'vscode';
import { settingKeys } from '../contributions.ts';
import {
  readSessionLimits,
  wholeNumber,
  type ReadSetting,
  type SessionLimits,
} from './sessionLimits.ts';

export type PrettierSource = 'projectThenBundled' | 'projectOnly' | 'bundledOnly';

/** The user's settings for one place, valid and frozen. Times are in milliseconds. */
export interface Settings {
  readonly prettierEnabled: boolean;
  readonly prettierSource: PrettierSource;
  /** Empty: look for it. */
  readonly prettierPath: string;
  readonly prettierTimeoutMs: number;
  /** Empty: the editor's own Node. */
  readonly nodePath: string;
  readonly confinement: 'required' | 'preferred' | 'off';
  /** Shown to sessions beside their project, read-only. */
  readonly readableFolders: readonly string[];
  /** Names of tools whose sessions may start processes. */
  readonly childProcesses: readonly string[];
  readonly prewarm: boolean;
  readonly keepaliveMs: number;
  readonly memoryLimitMb: number;
  /** Off: every call has a process of its own. */
  readonly sessionsEnabled: boolean;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Empty: look for it. */
  readonly pythonInterpreter: string;
  /** One after the other. */
  readonly pythonFormatters: readonly string[];
  readonly pythonLinters: readonly string[];
  readonly pythonRun: 'onSave' | 'onType';
  readonly pythonTimeoutMs: number;
  readonly eslintEnable: 'auto' | 'on' | 'off';
  readonly eslintRun: 'onType' | 'onSave';
  /** Editor languages of the documents that are linted. */
  readonly eslintValidate: readonly string[];
  /** Empty: found by where configuration is. */
  readonly eslintWorkingDirectories: readonly string[];
  /** Empty: look for it. */
  readonly eslintPath: string;
  readonly eslintTimeoutMs: number;
  /** As the user wrote them: each is checked by itself (`parseServerEntries`). */
  readonly languageServers: readonly unknown[];
  /** Who does what both could do. */
  readonly preferredProvider: 'tools' | 'servers';
  readonly limits: SessionLimits;
}

/** A setting whose value cannot be used; its default is used instead. */
export interface SettingProblem {
  readonly key: string;
  readonly message: string;
}

type Source = Pick<WorkspaceConfiguration, 'get' | 'inspect'>;

const absolutePath = v.pipe(
  v.string(),
  v.check(text => path.isAbsolute(text), 'Invalid path: it must be absolute'),
);

/**
 * Reads and checks every setting. Defaults live in `package.json`; a value of the wrong type is
 * reported and its default taken, so that one typing error does not switch off the rest.
 */
export function readSettings(source: Source, report: (problem: SettingProblem) => void): Settings {
  const read: ReadSetting = (key, schema) => {
    const result = v.safeParse(schema, source.get(key));
    if (result.success) return result.output;
    report({ key, message: result.issues[0].message });
    return v.parse(schema, source.inspect(key)?.defaultValue);
  };
  return Object.freeze({
    prettierEnabled: read(settingKeys.prettierEnable, v.boolean()),
    prettierSource: read(
      settingKeys.prettierSource,
      v.picklist(['projectThenBundled', 'projectOnly', 'bundledOnly']),
    ),
    prettierPath: read(settingKeys.prettierPath, v.string()),
    prettierTimeoutMs: read(settingKeys.prettierTimeout, wholeNumber(100, 600_000)),
    nodePath: read(settingKeys.nodePath, v.string()),
    confinement: read(settingKeys.confinement, v.picklist(['required', 'preferred', 'off'])),
    readableFolders: read(settingKeys.readableFolders, v.array(absolutePath)),
    childProcesses: read(settingKeys.childProcesses, v.array(v.string())),
    prewarm: read(settingKeys.prewarm, v.boolean()),
    keepaliveMs: 1_000 * read(settingKeys.keepalive, wholeNumber(0, 86_400)),
    memoryLimitMb: read(settingKeys.memoryLimit, wholeNumber(128, 65_536)),
    sessionsEnabled: read(settingKeys.sessionsEnable, v.boolean()),
    minReplicas: read(settingKeys.minReplicas, wholeNumber(1, 16)),
    maxReplicas: read(settingKeys.maxReplicas, wholeNumber(1, 16)),
    pythonInterpreter: read(settingKeys.pythonInterpreter, v.string()),
    pythonFormatters: read(
      settingKeys.pythonFormatters,
      v.array(v.picklist(['black', 'autopep8', 'isort'])),
    ),
    pythonLinters: read(
      settingKeys.pythonLinters,
      v.array(v.picklist(['flake8', 'mypy', 'pylint'])),
    ),
    pythonRun: read(settingKeys.pythonRun, v.picklist(['onSave', 'onType'])),
    pythonTimeoutMs: read(settingKeys.pythonTimeout, wholeNumber(100, 600_000)),
    eslintEnable: read(settingKeys.eslintEnable, v.picklist(['auto', 'on', 'off'])),
    eslintRun: read(settingKeys.eslintRun, v.picklist(['onType', 'onSave'])),
    eslintValidate: read(settingKeys.eslintValidate, v.array(v.string())),
    eslintWorkingDirectories: read(settingKeys.eslintWorkingDirectories, v.array(v.string())),
    eslintPath: read(settingKeys.eslintPath, v.string()),
    eslintTimeoutMs: read(settingKeys.eslintTimeout, wholeNumber(100, 600_000)),
    languageServers: read(settingKeys.languageServers, v.array(v.unknown())),
    preferredProvider: read(settingKeys.preferredProvider, v.picklist(['tools', 'servers'])),
    limits: readSessionLimits(read),
  });
}

/** Whether sessions that run under `before` may serve `after` as well. */
export function haveSameSessions(before: Settings, after: Settings): boolean {
  return (
    before.nodePath === after.nodePath &&
    before.confinement === after.confinement &&
    JSON.stringify(before.readableFolders) === JSON.stringify(after.readableFolders) &&
    JSON.stringify(before.childProcesses) === JSON.stringify(after.childProcesses) &&
    before.keepaliveMs === after.keepaliveMs &&
    before.memoryLimitMb === after.memoryLimitMb &&
    before.sessionsEnabled === after.sessionsEnabled &&
    before.minReplicas === after.minReplicas &&
    before.maxReplicas === after.maxReplicas &&
    JSON.stringify(before.limits) === JSON.stringify(after.limits)
  );
}
