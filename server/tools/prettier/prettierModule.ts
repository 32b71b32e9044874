import { GreenroomError } from '../../shared/errors.ts';

/** Options as Prettier resolves them; their meaning is Prettier's business. */
export type PrettierOptions = Readonly<Record<string, unknown>> & {
  readonly plugins?: readonly unknown[];
};

export interface FileInfo {
  readonly ignored: boolean;
  readonly inferredParser: string | null;
}

interface SupportedLanguage {
  readonly parsers: readonly string[];
  readonly vscodeLanguageIds?: readonly string[];
}

type Awaitable<T> = T | Promise<T>;

/** What Prettier 2 (partly synchronous) and 3 have in common, as far as it is used here. */
export interface PrettierModule {
  readonly version: string;
  format(text: string, options: PrettierOptions): Awaitable<string>;
  resolveConfig(
    path: string,
    options: { editorconfig: boolean; useCache: boolean; config?: string },
  ): Promise<PrettierOptions | null>;
  resolveConfigFile(path: string): Promise<string | null>;
  getFileInfo(
    path: string,
    options: {
      ignorePath?: string | readonly string[];
      plugins: readonly unknown[];
      resolveConfig: boolean;
    },
  ): Promise<FileInfo>;
  getSupportInfo(options: {
    plugins: readonly unknown[];
  }): Awaitable<{ readonly languages: readonly SupportedLanguage[] }>;
  /** Forgets resolved configuration. */
  clearConfigCache(): Awaitable<void>;
}

const functions = [
  'format',
  'resolveConfig',
  'resolveConfigFile',
  'getFileInfo',
  'getSupportInfo',
  'clearConfigCache',
] as const satisfies readonly (keyof PrettierModule)[];

/** Checks that a loaded module is a Prettier that can be used. Throws `tool.load`. */
export function toPrettierModule(loaded: unknown, directory: string): PrettierModule {
  const module = (loaded ?? {}) as Record<string, unknown>;
  const missing = functions.filter(name => typeof module[name] !== 'function');
  const { version } = module;
  if (typeof version !== 'string' || missing.length > 0) {
    throw new GreenroomError('tool.load', `the package in ${directory} is not Prettier 2 or 3`);
  }
  if (majorOf(version) < 2) {
    throw new GreenroomError(
      'tool.load',
      `Prettier ${version} is too old: version 2 or later is needed`,
    );
  }
  return loaded as PrettierModule;
}

export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
