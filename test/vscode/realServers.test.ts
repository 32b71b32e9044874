import * as vscode from 'vscode';
import { ask, at, prefer, running, use, withoutServers } from './servers.ts';
import { eventually, greenroom, hasModules, open, setSetting } from './workspace.ts';

type Feature = (document: vscode.TextDocument, place: vscode.Position) => Thenable<unknown>;

const form = { tabSize: 2, insertSpaces: true };

/** By the protocol's name: how the editor asks for it. */
const features = {
  completion: (document, place) => ask('vscode.executeCompletionItemProvider', document, place),
  hover: (document, place) => ask('vscode.executeHoverProvider', document, place),
  definition: (document, place) => ask('vscode.executeDefinitionProvider', document, place),
  references: (document, place) => ask('vscode.executeReferenceProvider', document, place),
  rename: (document, place) =>
    ask('vscode.executeDocumentRenameProvider', document, place, 'renamed'),
  documentSymbol: document => ask('vscode.executeDocumentSymbolProvider', document),
  formatting: document => ask('vscode.executeFormatDocumentProvider', document, form),
  codeAction: (document, place) =>
    ask('vscode.executeCodeActionProvider', document, new vscode.Range(place, place)),
  diagnostic: () => Promise.resolve(), // asked without a gesture
} satisfies Record<string, Feature>;

interface RealServer {
  readonly name: string;
  readonly file: string;
  /** Where in the file each thing is asked for: behind this text. */
  readonly asks: Partial<Record<keyof typeof features, string>>;
  /** As the server's problems name where they come from; absent when it tells none here unasked. */
  readonly source?: RegExp;
}

const servers: readonly RealServer[] = [
  {
    name: 'typescript-language-server',
    file: 'src/shop.ts',
    asks: {
      completion: 'cart.',
      hover: 'map(item => pri',
      definition: 'map(item => pri',
      references: 'map(item => pri',
      rename: 'map(item => pri',
      documentSymbol: '',
      formatting: '',
      codeAction: 'const wrong',
    },
    source: /^typescript$/u,
  },
  {
    name: 'yaml-language-server',
    file: 'shop.yaml',
    asks: { completion: 'kind: ', hover: 'ki', documentSymbol: '', formatting: '' },
    source: /^yaml-schema/u,
  },
  {
    name: 'bash-language-server',
    file: 'run.sh',
    asks: {
      completion: 'world\ngre',
      hover: '}\ngre',
      definition: '}\ngre',
      references: '}\ngre',
      rename: '}\ngre',
      documentSymbol: '',
    },
  },
  {
    name: 'vscode-json-language-server',
    file: 'shop.json',
    asks: {
      diagnostic: '',
      completion: '"kind": ',
      hover: '"ki',
      documentSymbol: '',
      formatting: '',
    },
  },
  {
    name: 'vscode-eslint-language-server',
    file: 'src/careless.js',
    asks: { codeAction: 'va' },
    source: /^eslint$/u,
  },
  {
    name: 'pylsp',
    file: 'stock.py',
    asks: {
      completion: 'print(cou',
      hover: 'print(cou',
      definition: 'print(cou',
      references: 'print(cou',
      rename: 'print(cou',
      documentSymbol: '',
    },
  },
];

function tells({ uri }: vscode.TextDocument, source: RegExp): boolean {
  return vscode.languages.getDiagnostics(uri).some(one => source.test(one.source ?? ''));
}

const interpreter = '/usr/bin/python3';

/** No answer that says nothing is as long. */
const emptyBytes = 60;

/** Whether the server has answered with something: the editor's own providers answer too. */
async function hasAnswered(name: string, feature: string): Promise<boolean> {
  const { recentCalls } = await (await greenroom()).snapshot();
  return recentCalls.some(
    ({ tool, method, outcome, replyBytes }) =>
      tool === name &&
      method === `textDocument/${feature}` &&
      outcome === 'ok' &&
      replyBytes > emptyBytes,
  );
}

describe('real language servers', () => {
  withoutServers();
  before(() => setSetting('greenroom.python.interpreter', interpreter));
  after(() => setSetting('greenroom.python.interpreter', undefined));

  for (const { name, file, asks, source } of servers) {
    it(`${name}: ${Object.keys(asks).join(', ')}${source ? ', problems' : ''}`, async function () {
      if (name === 'pylsp' && !hasModules(interpreter, 'pylsp')) this.skip(); // it is not installed for this interpreter
      await prefer('servers');
      // Whoever offers something last is asked first, and the editor has servers of its own.
      const document = await open('servers', file);
      await use({ name });
      await running(name);
      if (source) {
        await eventually(() => Promise.resolve(tells(document, source)));
      }
      for (const [feature, place] of Object.entries(asks)) {
        const position = at(document, place);
        await eventually(async () => {
          await features[feature as keyof typeof features](document, position).then(
            undefined,
            () => undefined, // cancelled, when the document was looked at meanwhile
          );
          return hasAnswered(name, feature);
        });
      }
    }).timeout(60_000);
  }
});
