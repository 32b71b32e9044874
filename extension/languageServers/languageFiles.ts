import * as vscode from 'vscode';
import type { ServerSelector } from './serverEntry.ts';

interface LanguageContribution {
  readonly id?: string;
  readonly extensions?: readonly string[];
  readonly filenames?: readonly string[];
}

/** Whether the folder has a file that a server with these selectors would be told of. */
export async function hasFileFor(
  selectors: readonly ServerSelector[],
  folder: vscode.WorkspaceFolder,
): Promise<boolean> {
  const globs = [...new Set(selectors.flatMap(globsOf))];
  if (globs.length === 0) return false;
  const pattern = new vscode.RelativePattern(folder, `{${globs.join(',')}}`);
  const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', 1);
  return found.length > 0;
}

function globsOf({ language, pattern }: ServerSelector): readonly string[] {
  if (pattern !== undefined) return [pattern];
  return contributions()
    .filter(({ id }) => id === language)
    .flatMap(({ extensions = [], filenames = [] }) => [
      ...extensions.map(extension => `**/*${extension}`),
      ...filenames.map(name => `**/${name}`),
    ])
    .filter(glob => !/[{},]/u.test(glob));
}

function contributions(): readonly LanguageContribution[] {
  return vscode.extensions.all.flatMap(({ packageJSON }) => {
    const { contributes } = packageJSON as { contributes?: { languages?: LanguageContribution[] } };
    return Array.isArray(contributes?.languages) ? contributes.languages : [];
  });
}
