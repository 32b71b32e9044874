import { clip } from '../../shared/base/clip.ts';
import { errorLimits, messageOf } from '../../shared/toldErrors.ts';
import type { LintRefusal, LintRequest } from '../../shared/protocol/linting.ts';
import type { ESLintEngine, LoadedESLint } from './eslintModule.ts';
import { speaks } from './languages.ts';

/** What the project's configuration means for a file, as far as it matters here. */
export interface UsableConfiguration {
  readonly kind: 'usable';
  /** The parser looks into other files for types, and keeps what it saw. */
  readonly isTyped: boolean;
}

/**
 * Why the configuration leaves this file alone, or cannot be used. Asked beforehand, so that whatever
 * fails later is known to be the fault of a rule.
 */
export async function examineConfiguration(
  engine: ESLintEngine,
  { isTarget }: LoadedESLint,
  { path, languageId }: LintRequest,
): Promise<LintRefusal | UsableConfiguration> {
  try {
    if (await engine.isPathIgnored(path)) return { kind: 'ignored' };
    const configuration = await engine.calculateConfigForFile(path);
    if (!configuration) return { kind: 'ignored' };
    if (!isTarget(path) && !speaks(configuration, languageId)) return { kind: 'ignored' };
    return { kind: 'usable', isTyped: isTyped(configuration) };
  } catch (error) {
    if (isMissing(error)) return { kind: 'noConfiguration' };
    const file = await configurationFile(engine, path);
    return {
      kind: 'configurationError',
      message: messageOf(error),
      ...(file !== undefined && { file: clip(file, errorLimits.message) }),
    };
  }
}

/** Words for suppressions that cannot be read, which ESLint sees only after it has linted. */
export function refuseSuppressions(error: unknown): LintRefusal {
  const message = messageOf(error);
  const [, file] = /^Failed to parse suppressions file at (.+)/u.exec(message) ?? [];
  if (file === undefined) throw error;
  return { kind: 'configurationError', message, file: clip(file, errorLimits.message) };
}

function isTyped(configuration: object): boolean {
  const { languageOptions = configuration } = configuration as { languageOptions?: unknown };
  const { parserOptions } = languageOptions as { parserOptions?: unknown };
  const { project, projectService } = (parserOptions ?? {}) as Readonly<Record<string, unknown>>;
  return Boolean(project) || Boolean(projectService);
}

function isMissing(error: unknown): boolean {
  const { messageTemplate } = (error ?? {}) as { messageTemplate?: unknown };
  return messageTemplate === 'no-config-found' || messageTemplate === 'config-file-missing';
}

/** Which file it is that cannot be used, where ESLint can tell. Of the older form, its message does. */
async function configurationFile(engine: ESLintEngine, path: string): Promise<string | undefined> {
  try {
    return await engine.findConfigFile?.(path);
  } catch {
    return undefined; // the error that brought us here says more
  }
}
