/**
 * Requests that change nothing, neither in the server nor in the workspace (Language Server Protocol 3.17):
 * one whose server was lost is asked again of the next.
 */
const repeatable: ReadonlySet<string> = new Set([
  'textDocument/codeAction',
  'textDocument/codeLens',
  'textDocument/colorPresentation',
  'textDocument/completion',
  'textDocument/declaration',
  'textDocument/definition',
  'textDocument/diagnostic',
  'textDocument/documentColor',
  'textDocument/documentHighlight',
  'textDocument/documentLink',
  'textDocument/documentSymbol',
  'textDocument/foldingRange',
  'textDocument/formatting',
  'textDocument/hover',
  'textDocument/implementation',
  'textDocument/inlayHint',
  'textDocument/onTypeFormatting',
  'textDocument/prepareRename',
  'textDocument/rangeFormatting',
  'textDocument/references',
  'textDocument/rename',
  'textDocument/selectionRange',
  'textDocument/semanticTokens/full',
  'textDocument/semanticTokens/range',
  'textDocument/signatureHelp',
  'textDocument/typeDefinition',
  'workspace/symbol',
]);

export function isRepeatable(method: string): boolean {
  return repeatable.has(method);
}
