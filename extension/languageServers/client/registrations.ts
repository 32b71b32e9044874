import { isRecord } from '../../../server/shared/base/plainData.ts';
import type { ServerMessage } from '../../sessions/servers/serverMessage.ts';

/** A document filter of the protocol: documents that fit all that is given. */
export interface ProtocolFilter {
  readonly language?: string;
  readonly scheme?: string;
  readonly pattern?: string | { readonly baseUri: string; readonly pattern: string };
}

/** The documents of a server: all, and those that it may format, by how, because nobody else does. */
export interface ServerDocuments {
  readonly filters: readonly ProtocolFilter[];
  readonly formattable: Readonly<Record<FormattingMethod, readonly ProtocolFilter[]>>;
}

/** Requests that format, by the capabilities with which servers offer them at the start. */
export const formattingMethods = {
  documentFormattingProvider: 'textDocument/formatting',
  documentRangeFormattingProvider: 'textDocument/rangeFormatting',
  documentOnTypeFormattingProvider: 'textDocument/onTypeFormatting',
} as const;

export type FormattingMethod = (typeof formattingMethods)[keyof typeof formattingMethods];

/** What can be registered for documents, by the parts of the methods' names behind `textDocument/`. */
const documentFeatures: ReadonlySet<string> = new Set([
  ...['didOpen', 'didChange', 'willSave', 'willSaveWaitUntil', 'didSave', 'didClose'],
  ...['completion', 'hover', 'signatureHelp', 'definition', 'declaration', 'typeDefinition'],
  ...['implementation', 'references', 'documentHighlight', 'documentSymbol', 'codeAction'],
  ...['codeLens', 'documentLink', 'documentColor', 'formatting', 'rangeFormatting'],
  ...['onTypeFormatting', 'rename', 'foldingRange', 'selectionRange', 'linkedEditingRange'],
  ...['prepareCallHierarchy', 'prepareTypeHierarchy', 'semanticTokens', 'inlineValue'],
  ...['inlayHint', 'diagnostic'],
]);

interface Registration {
  readonly id: unknown;
  readonly method: string;
  readonly registerOptions: Readonly<Record<string, unknown>>;
}

/** A request of the server as the client library is to see it. */
export interface NarrowedRequest {
  readonly request: ServerMessage;
  /** They were taken out of it. */
  readonly commands: readonly string[];
  /** Documents that it offers to format, and may. */
  readonly formatted: readonly ProtocolFilter[];
}

/**
 * What a server registers, for its own documents only: each kind of formatting for those that it may format,
 * everything else for those of its folders. Kinds that are not known to stay within that are left out. Any
 * other message is itself.
 */
export function narrowRegistrations(
  request: ServerMessage,
  documents: ServerDocuments,
): NarrowedRequest {
  // The library knows an older name too.
  if (!/^client\/register(?:Capability|Feature)$/u.test(request.method ?? '')) {
    return { request, commands: [], formatted: [] };
  }
  const all = registrationsIn(request.params);
  const registrations = all.flatMap(one => narrow(one, documents));
  const isCommand = ({ method }: Registration) => method === 'workspace/executeCommand';
  const formatting = registrations.filter(({ method }) => method === 'textDocument/formatting');
  return {
    request: { ...request, method: 'client/registerCapability', params: { registrations } },
    commands: all.filter(isCommand).flatMap(one => commandsIn(one.registerOptions)),
    formatted: formatting.flatMap(
      one => one.registerOptions['documentSelector'] as readonly ProtocolFilter[],
    ),
  };
}

function registrationsIn(params: unknown): readonly Registration[] {
  const registrations = isRecord(params) ? params['registrations'] : undefined;
  if (!Array.isArray(registrations)) return [];
  return registrations.filter(isRecord).flatMap(({ id, method, registerOptions }) => {
    if (typeof method !== 'string') return [];
    return [{ id, method, registerOptions: isRecord(registerOptions) ? registerOptions : {} }];
  });
}

function narrow(registration: Registration, documents: ServerDocuments): Registration[] {
  const { method, registerOptions } = registration;
  switch (method) {
    case 'workspace/didChangeConfiguration':
      return [{ ...registration, registerOptions: {} }]; // it asks for the sections that it wants
    case 'workspace/symbol':
      return [registration];
    case 'workspace/didChangeWatchedFiles': {
      const watchers = watchersIn(registerOptions['watchers'], documents);
      return watchers.length === 0 ? [] : [{ ...registration, registerOptions: { watchers } }];
    }
  }
  const [, feature] = /^textDocument\/(\w+)$/u.exec(method) ?? [];
  if (feature === undefined || !documentFeatures.has(feature)) return [];
  const own = documents.formattable[method as FormattingMethod] ?? documents.filters;
  const asked = registerOptions['documentSelector'];
  const documentSelector = Array.isArray(asked) ? own.filter(one => isAskedFor(one, asked)) : own;
  if (documentSelector.length === 0) return [];
  return [{ ...registration, registerOptions: { ...registerOptions, documentSelector } }];
}

/** By language: where a server asks for files by pattern, it gets all of its own. */
function isAskedFor({ language }: ProtocolFilter, asked: readonly unknown[]): boolean {
  return asked.some(filter => {
    const wanted = isRecord(filter) ? filter['language'] : filter;
    const isAny = wanted === undefined || wanted === null || wanted === '*';
    return isAny || language === undefined || wanted === language;
  });
}

/** Patterns count from the server's own folders, whatever they were to count from. */
function watchersIn(watchers: unknown, { filters }: ServerDocuments): readonly object[] {
  if (!Array.isArray(watchers)) return [];
  const folders = new Set(
    filters.flatMap(({ pattern }) => (isRecord(pattern) ? [pattern['baseUri']] : [])),
  );
  return watchers.filter(isRecord).flatMap(({ globPattern, kind }) => {
    const pattern = isRecord(globPattern) ? globPattern['pattern'] : globPattern;
    if (typeof pattern !== 'string' || /^[\\/]|^\w:|\.\./u.test(pattern)) return [];
    return [...folders].map(baseUri => ({
      globPattern: { baseUri, pattern },
      ...(typeof kind === 'number' && { kind }),
    }));
  });
}

export function commandsIn(options: unknown): readonly string[] {
  const commands = isRecord(options) ? options['commands'] : undefined;
  return Array.isArray(commands) ? commands.filter(one => typeof one === 'string') : [];
}
