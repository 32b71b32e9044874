import path from 'node:path';
import { messageOf } from '../../shared/errors.ts';
import type { ToolSpec } from '../../shared/protocol/worker.ts';
import type { ToolPowers } from '../contract.ts';
import type { PrettierModule, PrettierOptions } from './prettierModule.ts';
import { isPlainData } from './plainDataConfiguration.ts';

export type Configuration =
  | { readonly kind: 'resolved'; readonly options: PrettierOptions }
  | { readonly kind: 'broken'; readonly message: string; readonly file?: string }
  | { readonly kind: 'restricted'; readonly file?: string };

/**
 * Resolves the options for a file as Prettier's command line does, fresh from disk every time.
 * Without trust, configuration that is code, or that names plugins, is refused before it is loaded:
 * formatting without it would give the file a form that its project does not want.
 */
export async function resolveConfiguration(
  prettier: PrettierModule,
  filePath: string,
  spec: ToolSpec,
  powers: ToolPowers,
): Promise<Configuration> {
  let file: string | undefined;
  try {
    await prettier.clearConfigCache();
    file = (await prettier.resolveConfigFile(filePath)) ?? undefined;
    if (!spec.trusted && file !== undefined && !isPlainData(file, await powers.readText(file))) {
      return { kind: 'restricted', file };
    }
    const options =
      (await prettier.resolveConfig(filePath, { editorconfig: true, useCache: false })) ?? {};
    if (!spec.trusted && (options.plugins?.length ?? 0) > 0) {
      return { kind: 'restricted', ...(file !== undefined && { file }) };
    }
    return { kind: 'resolved', options };
  } catch (error) {
    return { kind: 'broken', message: messageOf(error), ...(file !== undefined && { file }) };
  }
}

/** Where configuration for a document without a path is looked up: its folder's own, without overrides. */
export function placeOfUntitled(root: string): string {
  return path.join(root, 'untitled');
}
