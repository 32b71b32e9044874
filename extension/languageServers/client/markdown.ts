import * as vscode from 'vscode';

type Marked = vscode.MarkdownString | vscode.MarkedString | string | undefined;

/** Where a definition names an address, pictures may refer to it in several ways. */
const definition = /^ {0,3}\[[^\]]+\]:\s*<?\w+:/mu;
const picture = /!(?=\[[^\]]*\](?:\(|\[))/gu;

/**
 * The text without pictures from elsewhere: to draw one, the editor would fetch its address, and by that a
 * server without the network could tell somebody what it has read.
 */
export function withoutPictures(text: string): string {
  return definition.test(text) ? text.replaceAll('![', '[') : text.replace(picture, '');
}

/** The same where the editor's objects hold markdown; what is plain text stays as it is. */
export function guardMarkdown<T extends Marked>(marked: T): T {
  if (marked instanceof vscode.MarkdownString) marked.value = withoutPictures(marked.value);
  return marked;
}
