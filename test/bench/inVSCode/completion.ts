import * as vscode from 'vscode';
import { eventually } from '../../vscode/workspace.ts';
import { positionIn, type ServerSample } from '../languageServers/samples.ts';

/** A server's first answer with items, measured from the opening of its document. */
export interface Answered {
  readonly tookMs: number;
  /** When the server was asked that, measured likewise. */
  readonly askedAfterMs: number;
  /** Of the server's answer, without its header. */
  readonly replyBytes: number;
  /** What the editor would show, items of its own among it. */
  readonly labels: readonly string[];
}

export function sampleFolder(): vscode.WorkspaceFolder {
  return vscode.workspace.workspaceFolders![0]!;
}

/** As a person does it: what an extension opens stays open for minutes. */
export async function openSample({ file }: ServerSample): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.joinPath(sampleFolder().uri, file);
  await vscode.commands.executeCommand('vscode.open', uri);
  return eventually(async () => documents().find(one => one.uri.toString() === uri.toString()));
}

export async function closeSamples(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await eventually(async () => documents().length === 0);
}

/** Asks the editor for completions until `answer` has seen the server's; labels are the editor's last. */
export async function askUntilAnswered<T>(
  document: vscode.TextDocument,
  sample: ServerSample,
  answer: () => Promise<T | undefined>,
): Promise<T & Pick<Answered, 'labels'>> {
  const { line, character } = positionIn(sample);
  const position = new vscode.Position(line, character);
  for (;;) {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    const found = await answer();
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    if (found) return { ...found, labels };
  }
}

function documents(): readonly vscode.TextDocument[] {
  const { uri } = sampleFolder();
  return vscode.workspace.textDocuments.filter(one => one.uri.path.startsWith(`${uri.path}/`));
}
