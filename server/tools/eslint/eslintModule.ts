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

/** A loaded ESLint, with the form of configuration that counts in its folder. */
export interface LoadedESLint {
  readonly version: string;
  readonly configurationForm: 'flat' | 'eslintrc';
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
  return {
    version: module.ESLint.version,
    configurationForm: Flat ? 'flat' : 'eslintrc',
    linter: createLinter(Engine, cwd),
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
  const { FlatESLint, shouldUseFlatConfig } = (await powers.loadPackage(
    directory,
    'use-at-your-own-risk',
  )) as {
    FlatESLint?: EngineClass;
    shouldUseFlatConfig?: (options: { cwd: string }) => Promise<boolean>;
  };
  if (!FlatESLint) return undefined;
  const isFlat = shouldUseFlatConfig
    ? await shouldUseFlatConfig({ cwd })
    : await hasConfigFile(new FlatESLint({ cwd }));
  return isFlat ? FlatESLint : undefined;
}

async function hasConfigFile(engine: ESLintEngine): Promise<boolean> {
  try {
    return (await engine.findConfigFile?.()) !== undefined;
  } catch {
    return false; // that there is none is told by throwing
  }
}

/**
 * Version 10 leaves out what `eslint-suppressions.json` names, as its command line does. In version 9
 * only the command line can.
 */
function createLinter(Engine: EngineClass, cwd: string): ESLintEngine {
  try {
    return new Engine({ cwd, applySuppressions: true });
  } catch {
    return new Engine({ cwd }); // it does not know the option
  }
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
