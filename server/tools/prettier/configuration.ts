import path from 'node:path';
import { messageOf } from '../../shared/toldErrors.ts';
import type { FormatReport } from '../../shared/protocol/formatting.ts';
import type { PrettierModule, PrettierOptions } from './prettierModule.ts';
import { isRestricted } from './restricted.ts';

export type Configuration =
  | { readonly kind: 'resolved'; readonly options: PrettierOptions }
  | { readonly kind: 'unusable'; readonly report: FormatReport };

/** Resolves the options for a file as Prettier's command line does, fresh from disk every time. */
export async function resolveConfiguration(
  prettier: PrettierModule,
  filePath: string,
): Promise<Configuration> {
  try {
    await prettier.clearConfigCache();
    const options = await prettier.resolveConfig(filePath, { editorconfig: true, useCache: false });
    return { kind: 'resolved', options: options ?? {} };
  } catch (error) {
    const file = await configurationFile(prettier, filePath);
    const place = file === undefined ? {} : { file };
    const report: FormatReport = isRestricted(error)
      ? { kind: 'restricted', ...place }
      : { kind: 'configurationError', message: messageOf(error), ...place };
    return { kind: 'unusable', report };
  }
}

/** Which file it is that cannot be used, if even that can be found out. */
async function configurationFile(
  prettier: PrettierModule,
  filePath: string,
): Promise<string | undefined> {
  try {
    return (await prettier.resolveConfigFile(filePath)) ?? undefined;
  } catch {
    return undefined; // the error that brought us here says more
  }
}

/** Where configuration for a document without a path is looked up: its folder's own, without overrides. */
export function placeOfUntitled(root: string): string {
  return path.join(root, 'untitled');
}
