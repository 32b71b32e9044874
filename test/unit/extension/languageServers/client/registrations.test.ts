import { describe, expect, test } from 'vitest';
import { narrowRegistrations } from '../../../../../extension/languageServers/client/registrations.ts';

const inShop = { scheme: 'file', pattern: { baseUri: 'file:///shop', pattern: '**' } };
const yaml = { language: 'yaml', ...inShop };
const docker = { language: 'dockercompose', ...inShop };
const documents = {
  filters: [yaml, docker],
  formattable: {
    'textDocument/formatting': [docker],
    'textDocument/rangeFormatting': [yaml, docker],
    'textDocument/onTypeFormatting': [],
  },
};

function register(...registrations: object[]) {
  const params = { registrations };
  return { jsonrpc: '2.0', id: 1, method: 'client/registerCapability', params };
}

function registered(...asked: object[]) {
  const { request, ...rest } = narrowRegistrations(register(...asked), documents);
  return { registrations: (request.params as { registrations: unknown }).registrations, ...rest };
}

describe('what a server registers later', () => {
  test('holds for documents of its folders only', () => {
    const hover = { id: 'a', method: 'textDocument/hover' };
    const asked = { ...hover, registerOptions: { documentSelector: [{ language: 'yaml' }], x: 1 } };
    const narrowed = { ...hover, registerOptions: { documentSelector: [yaml], x: 1 } };
    expect(registered(asked).registrations).toEqual([narrowed]);
  });

  test('holds for its own documents whatever the server names, by whichever request', () => {
    const narrowed = { documentSelector: [yaml, docker] };
    for (const documentSelector of ['*', null, undefined, 7]) {
      const open = {
        id: 'a',
        method: 'textDocument/didOpen',
        registerOptions: { documentSelector },
      };
      expect(registered(open).registrations).toMatchObject([{ registerOptions: narrowed }]);
      const older = { ...register(open), method: 'client/registerFeature' };
      expect(narrowRegistrations(older, documents).request).toMatchObject({
        method: 'client/registerCapability',
        params: { registrations: [{ registerOptions: narrowed }] },
      });
    }
  });

  test.each([
    'notebookDocument/sync',
    'workspace/textDocumentContent',
    'workspace/didCreateFiles',
    'textDocument/inlineCompletion',
    'textDocument/unheardOf',
  ])('is nothing that could reach further: %s', method => {
    expect(registered({ id: 'a', method }).registrations).toEqual([]);
  });

  test('watches files of its own folders', () => {
    const method = 'workspace/didChangeWatchedFiles';
    const globPattern = { baseUri: 'file:///home', pattern: '**/*.yml' };
    const watchers = [
      { globPattern, kind: 1 },
      { globPattern: '*.json' },
      { globPattern: '/etc/**' },
      { globPattern: '../**' },
      null,
    ];
    const [registration] = registered({ id: 'a', method, registerOptions: { watchers } })
      .registrations as { registerOptions: unknown }[];
    expect(registration?.registerOptions).toEqual({
      watchers: [
        { globPattern: { baseUri: 'file:///shop', pattern: '**/*.yml' }, kind: 1 },
        { globPattern: { baseUri: 'file:///shop', pattern: '*.json' } },
      ],
    });
  });

  test('is told of settings when it asks for them', () => {
    const method = 'workspace/didChangeConfiguration';
    const asked = { id: 'a', method, registerOptions: { section: 'github' } };
    expect(registered(asked).registrations).toEqual([{ id: 'a', method, registerOptions: {} }]);
  });

  test.each([null, 7, [null], [{ id: 'a' }], { length: 1 }])('may be odd: %j', registrations => {
    const odd = { ...register(), params: { registrations } };
    expect(narrowRegistrations(odd, documents).request.params).toEqual({ registrations: [] });
  });

  test('is to format only what nobody else formats', () => {
    const formatting = { id: 'a', method: 'textDocument/formatting' };
    const ofYaml = { ...formatting, registerOptions: { documentSelector: ['yaml'] } };
    const ofAll = { ...formatting, registerOptions: { documentSelector: null } };
    const narrowed = { ...formatting, registerOptions: { documentSelector: [docker] } };
    expect(registered(ofYaml)).toEqual({ registrations: [], commands: [], formatted: [] });
    expect(registered(ofAll)).toMatchObject({ registrations: [narrowed], formatted: [docker] });
  });

  test('are commands of its own, under names that the editor gives', () => {
    const command = {
      id: 'a',
      method: 'workspace/executeCommand',
      registerOptions: { commands: ['sort'] },
    };
    expect(registered(command)).toEqual({ registrations: [], commands: ['sort'], formatted: [] });
  });

  test('is looked for in registrations and nowhere else', () => {
    const other = { jsonrpc: '2.0', method: 'window/logMessage', params: { message: 'hello' } };
    expect(narrowRegistrations(other, documents).request).toBe(other);
  });
});
