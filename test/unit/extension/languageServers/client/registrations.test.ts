import { describe, expect, test } from 'vitest';
import {
  narrowRegistrations,
  splitAnswer,
} from '../../../../../extension/languageServers/client/registrations.ts';

const inShop = { scheme: 'file', pattern: { baseUri: 'file:///shop', pattern: '**' } };
const yaml = { language: 'yaml', ...inShop };
const docker = { language: 'dockercompose', ...inShop };
const documents = { filters: [yaml, docker], formattable: [docker] };

function register(...registrations: object[]) {
  const params = { registrations };
  return { jsonrpc: '2.0', id: 1, method: 'client/registerCapability', params };
}

function registered(...asked: object[]) {
  const { request, ...rest } = narrowRegistrations(register(...asked), documents);
  return { registrations: (request.params as { registrations: unknown }).registrations, ...rest };
}

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
      answer: answer({ hoverProvider: true }),
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
});

describe('what a server registers later', () => {
  test('holds for documents of its folders only', () => {
    const hover = { id: 'a', method: 'textDocument/hover' };
    const asked = { ...hover, registerOptions: { documentSelector: [{ language: 'yaml' }], x: 1 } };
    const narrowed = { ...hover, registerOptions: { documentSelector: [yaml], x: 1 } };
    expect(registered(asked).registrations).toEqual([narrowed]);
  });

  test('is left alone where it names no documents', () => {
    const watch = {
      id: 'a',
      method: 'workspace/didChangeWatchedFiles',
      registerOptions: { watchers: [] },
    };
    expect(registered(watch).registrations).toEqual([watch]);
  });

  test('is to format only what nobody else formats', () => {
    const formatting = { id: 'a', method: 'textDocument/formatting' };
    const ofYaml = { ...formatting, registerOptions: { documentSelector: ['yaml'] } };
    const ofAll = { ...formatting, registerOptions: { documentSelector: null } };
    const narrowed = { ...formatting, registerOptions: { documentSelector: [docker] } };
    expect(registered(ofYaml)).toEqual({ registrations: [], commands: [], formats: true });
    expect(registered(ofAll).registrations).toEqual([narrowed]);
  });

  test('are commands of its own, under names that the editor gives', () => {
    const command = {
      id: 'a',
      method: 'workspace/executeCommand',
      registerOptions: { commands: ['sort'] },
    };
    expect(registered(command)).toEqual({ registrations: [], commands: ['sort'], formats: false });
  });

  test('is looked for in registrations and nowhere else', () => {
    const other = { jsonrpc: '2.0', method: 'window/logMessage', params: { message: 'hello' } };
    expect(narrowRegistrations(other, documents).request).toBe(other);
  });
});
