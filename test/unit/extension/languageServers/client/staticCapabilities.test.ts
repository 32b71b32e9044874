import { describe, expect, test } from 'vitest';
import { splitAnswer } from '../../../../../extension/languageServers/client/staticCapabilities.ts';

describe('the answer to initialize', () => {
  const answer = (capabilities: object) => ({ jsonrpc: '2.0', id: 0, result: { capabilities } });

  test('loses what is not the server’s to say, which is told beside it', () => {
    const offered = answer({
      hoverProvider: true,
      documentFormattingProvider: true,
      documentOnTypeFormattingProvider: { firstTriggerCharacter: ';' },
      documentRangeFormattingProvider: false,
      executeCommandProvider: { commands: ['fix', 7] },
    });
    expect(splitAnswer(offered)).toEqual({
      answer: answer({ hoverProvider: true, workspace: {} }),
      offers: [
        { method: 'textDocument/formatting', options: {} },
        { method: 'textDocument/onTypeFormatting', options: { firstTriggerCharacter: ';' } },
      ],
      commands: ['fix'],
    });
  });

  test('stays as it is when the server failed', () => {
    const failed = { jsonrpc: '2.0', id: 0, error: { code: -1, message: 'no' } };
    expect(splitAnswer(failed)).toEqual({ answer: failed, offers: [], commands: [] });
  });

  test('tells the server of no more than the documents of its folders', () => {
    const offered = answer({
      colorProvider: { documentSelector: '*', id: 'a' },
      diagnosticProvider: { documentSelector: ['*'], interFileDependencies: true },
      inlineCompletionProvider: true,
      notebookDocumentSync: { notebookSelector: [{ notebook: '*' }] },
      workspace: {
        workspaceFolders: { supported: true },
        fileOperations: {},
        textDocumentContent: {},
      },
    });
    expect(splitAnswer(offered).answer).toEqual(
      answer({
        colorProvider: { id: 'a' },
        diagnosticProvider: { interFileDependencies: true },
        workspace: { workspaceFolders: { supported: true } },
      }),
    );
  });

  test.each([null, 7, { capabilities: null }])('that is none is left alone: %j', result => {
    const odd = { jsonrpc: '2.0', id: 0, result };
    expect(splitAnswer(odd)).toEqual({ answer: odd, offers: [], commands: [] });
  });
});
