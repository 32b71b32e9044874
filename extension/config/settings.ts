import * as v from 'valibot';
import type { WorkspaceConfiguration } from 'vscode';
import { settingKeys } from '../contributions.ts';

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
  readonly prewarm: boolean;
  readonly keepaliveMs: number;
  readonly memoryLimitMb: number;
}

/** A setting whose value cannot be used; its default is used instead. */
export interface SettingProblem {
  readonly key: string;
  readonly message: string;
}

type Source = Pick<WorkspaceConfiguration, 'get' | 'inspect'>;

const wholeNumber = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/**
 * Reads and checks every setting. Defaults live in `package.json`; a value of the wrong type is
 * reported and its default taken, so that one typing error does not switch off the rest.
 */
export function readSettings(source: Source, report: (problem: SettingProblem) => void): Settings {
  const read = <T>(key: string, schema: v.GenericSchema<T>): T => {
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
    prewarm: read(settingKeys.prewarm, v.boolean()),
    keepaliveMs: 1_000 * read(settingKeys.keepalive, wholeNumber(0, 86_400)),
    memoryLimitMb: read(settingKeys.memoryLimit, wholeNumber(128, 65_536)),
  });
}

/** Whether sessions that run under `before` may serve `after` as well. */
export function haveSameSessions(before: Settings, after: Settings): boolean {
  return (
    before.nodePath === after.nodePath &&
    before.keepaliveMs === after.keepaliveMs &&
    before.memoryLimitMb === after.memoryLimitMb
  );
}
