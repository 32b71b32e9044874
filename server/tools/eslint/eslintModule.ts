import { GreenroomError } from '../../shared/errors.ts';
import type { ToolPowers } from '../contract.ts';

/** What ESLint says of one place. Plugins may put anything in; nothing here can be relied on. */
export interface LintMessage {
  readonly ruleId?: unknown;
  readonly severity?: unknown;
  readonly fatal?: unknown;
  readonly message?: unknown;
  readonly line?: unknown;
  readonly column?: unknown;
  readonly endLine?: unknown;
  readonly endColumn?: unknown;
  readonly fix?: unknown;
  readonly suggestions?: unknown;
}

export interface LintResult {
  readonly messages: readonly LintMessage[];
  /** The text with all fixes; absent when there were none. */
  readonly output?: string;
}

/** One ESLint with its options, as versions 8 to 10 have it in common. */
export interface ESLintEngine {
  lintText(
    text: string,
    options: { filePath: string; warnIgnored: boolean },
  ): Promise<readonly LintResult[]>;
  isPathIgnored(filePath: string): Promise<boolean>;
  /** Undefined when the configuration says nothing about files like this one. */
  calculateConfigForFile(filePath: string): Promise<object | undefined>;
  getRulesMetaForResults(
    results: readonly LintResult[],
  ): Readonly<Record<string, { readonly docs?: { readonly url?: unknown } } | undefined>>;
  /** Of flat configuration only. */
  findConfigFile?(filePath?: string): Promise<string | undefined>;
}

type EngineClass = new (options: Readonly<Record<string, unknown>>) => ESLintEngine;

interface ESLintModule {
  readonly ESLint: EngineClass & { readonly version: string };
  /** Since 8.57. */
  readonly loadESLint?: (options: { cwd: string }) => Promise<EngineClass>;
}

interface UnsupportedModule {
  readonly FlatESLint?: EngineClass;
  readonly shouldUseFlatConfig?: (options: { cwd: string }) => Promise<boolean>;
  readonly FileEnumerator?: new (options: { cwd: string }) => {
    isTargetPath(filePath: string): boolean;
  };
}

/** A loaded ESLint, working in its folder. */
export interface LoadedESLint {
  readonly version: string;
  /**
   * Whether the configuration names files like this one. The older form leaves out, besides scripts,
   * what only the command line's `--ext` names.
   */
  readonly isTarget: (filePath: string) => boolean;
  readonly linter: ESLintEngine;
  readonly fixer: ESLintEngine;
}

/** Loads the package in `directory`, to work in `cwd`. Throws `tool.load`. */
export async function loadESLint(
  directory: string,
  cwd: string,
  powers: ToolPowers,
): Promise<LoadedESLint> {
  const module = toESLintModule(await powers.loadPackage(directory), directory);
  const Flat = await flatEngine(module, directory, cwd, powers);
  const Engine = Flat ?? module.ESLint;
  const isTarget = Flat ? () => true : await targetsOfOverrides(directory, cwd, powers);
  return {
    version: module.ESLint.version,
    isTarget,
    linter: await createLinter(Engine, directory, cwd, powers),
    fixer: new Engine({ cwd, fix: true }),
  };
}

/** The class for flat configuration, unless the older form counts. */
async function flatEngine(
  module: ESLintModule,
  directory: string,
  cwd: string,
  powers: ToolPowers,
): Promise<EngineClass | undefined> {
  if (majorOf(module.ESLint.version) > 9) return module.ESLint;
  if (module.loadESLint) {
    const Engine = await module.loadESLint({ cwd });
    return (Engine as { configType?: unknown }).configType === 'flat' ? Engine : undefined;
  }
  const { FlatESLint, shouldUseFlatConfig } = await loadUnsupported(directory, powers);
  if (!FlatESLint) return undefined;
  const isFlat = shouldUseFlatConfig
    ? await shouldUseFlatConfig({ cwd })
    : await hasConfigFile(new FlatESLint({ cwd }));
  return isFlat ? FlatESLint : undefined;
}

/** What the older form's overrides name, as the command line finds it in a folder. */
async function targetsOfOverrides(
  directory: string,
  cwd: string,
  powers: ToolPowers,
): Promise<LoadedESLint['isTarget']> {
  const { FileEnumerator } = await loadUnsupported(directory, powers);
  const enumerator = FileEnumerator && new FileEnumerator({ cwd });
  return filePath => enumerator?.isTargetPath(filePath) ?? false;
}

function loadUnsupported(directory: string, powers: ToolPowers): Promise<UnsupportedModule> {
  return powers.loadPackage(directory, 'use-at-your-own-risk') as Promise<UnsupportedModule>;
}

async function hasConfigFile(engine: ESLintEngine): Promise<boolean> {
  try {
    return (await engine.findConfigFile?.()) !== undefined;
  } catch {
    return false; // that there is none is told by throwing
  }
}

/** Leaves out what `eslint-suppressions.json` names, as the command line does. */
async function createLinter(
  Engine: EngineClass,
  directory: string,
  cwd: string,
  powers: ToolPowers,
): Promise<ESLintEngine> {
  try {
    return new Engine({ cwd, applySuppressions: true });
  } catch {
    // It does not know the option; since 9.24 its command line can all the same.
    const Suppressing = await suppressingEngine(Engine, directory, cwd, powers);
    return new Suppressing({ cwd });
  }
}

interface SuppressionsService {
  load(): Promise<object>;
  applySuppressions(
    results: readonly LintResult[],
    suppressions: object,
  ): { readonly results: readonly LintResult[] };
}

async function suppressingEngine(
  Engine: EngineClass,
  directory: string,
  cwd: string,
  powers: ToolPowers,
): Promise<EngineClass> {
  const file = './lib/services/suppressions-service.js';
  const loaded = await powers.loadPackage(directory, file).catch(() => undefined); // before 9.24
  const { SuppressionsService } = (loaded ?? {}) as {
    SuppressionsService?: new (options: { filePath: string; cwd: string }) => SuppressionsService;
  };
  if (!SuppressionsService) return Engine;
  const service = new SuppressionsService({ filePath: `${cwd}/eslint-suppressions.json`, cwd });
  return class extends Engine {
    override async lintText(...request: Parameters<ESLintEngine['lintText']>) {
      const results = await super.lintText(...request);
      return service.applySuppressions(results, await service.load()).results;
    }
  };
}

function toESLintModule(loaded: unknown, directory: string): ESLintModule {
  const { ESLint } = (loaded ?? {}) as { ESLint?: { version?: unknown } };
  const version = ESLint?.version;
  if (typeof ESLint !== 'function' || typeof version !== 'string') {
    throw new GreenroomError('tool.load', `the package in ${directory} is not ESLint 8 or later`);
  }
  if (majorOf(version) < 8) {
    throw new GreenroomError(
      'tool.load',
      `ESLint ${version} is too old: version 8 or later is needed`,
    );
  }
  return loaded as ESLintModule;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
