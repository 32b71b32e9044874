import * as vscode from 'vscode';

/** What all extensions, those of the editor among them, bring to one point of it: a list of lists. */
export function editorContributions<T>(point: 'configuration' | 'languages'): readonly T[] {
  return vscode.extensions.all.flatMap(({ packageJSON }) => {
    const { contributes } = packageJSON as { contributes?: Readonly<Record<string, unknown>> };
    const brought = contributes?.[point] ?? [];
    return (Array.isArray(brought) ? brought : [brought]) as readonly T[];
  });
}
