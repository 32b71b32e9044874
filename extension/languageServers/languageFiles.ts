import * as vscode from 'vscode';
import { editorContributions } from './editorContributions.ts';
import type { ServerSelector } from './serverEntry.ts';

interface LanguageContribution {
  readonly id?: string;
  readonly extensions?: readonly string[];
  readonly filenames?: readonly string[];
}

/** A file that a server would be told of. */
export interface LanguageFile {
  readonly uri: vscode.Uri;
  /** Undefined when only the editor would know. */
  readonly languageId: string | undefined;
}

/** The first file of the folders that a server with these selectors would be told of, if there is one. */
export async function findFileFor(
  selectors: readonly ServerSelector[],
  folders: readonly vscode.WorkspaceFolder[],
): Promise<LanguageFile | undefined> {
  const languages = editorContributions<LanguageContribution>('languages');
  for (const folder of folders) {
    for (const selector of selectors) {
      const uri = await findOne(globsOf(selector, languages), folder);
      if (uri) return { uri, languageId: selector.language };
    }
  }
  return undefined;
}

async function findOne(
  globs: readonly string[],
  folder: vscode.WorkspaceFolder,
): Promise<vscode.Uri | undefined> {
  if (globs.length === 0) return undefined;
  const pattern = new vscode.RelativePattern(folder, `{${globs.join(',')}}`);
  const [first] = await vscode.workspace.findFiles(pattern, '**/node_modules/**', 1);
  return first;
}

function globsOf(
  { language, pattern }: ServerSelector,
  languages: readonly LanguageContribution[],
): readonly string[] {
  if (pattern !== undefined) return [pattern];
  return languages
    .filter(({ id }) => id === language)
    .flatMap(({ extensions = [], filenames = [] }) => [
      ...extensions.map(extension => `**/*${extension}`),
      ...filenames.map(name => `**/${name}`),
    ])
    .filter(glob => !/[{},]/u.test(glob));
}
