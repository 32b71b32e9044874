import type { ServerMessage } from '../../sessions/servers/serverMessage.ts';

/** A document filter of the protocol: documents that fit all that is given. */
export interface ProtocolFilter {
  readonly language?: string;
  readonly scheme?: string;
  readonly pattern?: string | { readonly baseUri: string; readonly pattern: string };
}

export interface Registration {
  readonly id: string;
  readonly method: string;
  readonly registerOptions?: Readonly<Record<string, unknown>>;
}

/** The documents of a server: all, and those that it may format because nobody else does. */
export interface ServerDocuments {
  readonly filters: readonly ProtocolFilter[];
  readonly formattable: readonly ProtocolFilter[];
}

/** Requests that format, by the capabilities with which servers offer them at the start. */
const formatting = {
  documentFormattingProvider: 'textDocument/formatting',
  documentRangeFormattingProvider: 'textDocument/rangeFormatting',
  documentOnTypeFormattingProvider: 'textDocument/onTypeFormatting',
} as const;

export type FormattingMethod = (typeof formatting)[keyof typeof formatting];

const formattingMethods: ReadonlySet<string> = new Set(Object.values(formatting));

export interface FormattingOffer {
  readonly method: FormattingMethod;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The answer to `initialize`, and what was taken out of it. */
export interface SplitAnswer {
  readonly answer: ServerMessage;
  readonly offers: readonly FormattingOffer[];
  readonly commands: readonly string[];
}

/**
 * Takes out of the answer what is not the server's to say: the documents that it formats, and the names
 * of its commands.
 */
export function splitAnswer(answer: ServerMessage): SplitAnswer {
  const result = answer.result as { readonly capabilities?: Record<string, unknown> } | undefined;
  if (!result?.capabilities) return { answer, offers: [], commands: [] };
  const { executeCommandProvider, ...capabilities } = result.capabilities;
  const offers: FormattingOffer[] = [];
  for (const [capability, method] of Object.entries(formatting)) {
    const options = capabilities[capability];
    delete capabilities[capability];
    if (options) offers.push({ method, options: isRecord(options) ? options : {} });
  }
  const commands = commandsIn(executeCommandProvider);
  return { answer: { ...answer, result: { ...result, capabilities } }, offers, commands };
}

/** A request of the server as the client library is to see it. */
export interface NarrowedRequest {
  readonly request: ServerMessage;
  /** They were taken out of it. */
  readonly commands: readonly string[];
  /** Whether it offers to format documents. */
  readonly formats: boolean;
}

/**
 * A `client/registerCapability` of the server, for its own documents only: formatting for those that it
 * may format, everything else for those of its folders. Any other message is itself.
 */
export function narrowRegistrations(
  request: ServerMessage,
  documents: ServerDocuments,
): NarrowedRequest {
  if (request.method !== 'client/registerCapability') {
    return { request, commands: [], formats: false };
  }
  const { registrations = [] } = (request.params ?? {}) as { registrations?: Registration[] };
  const isCommand = ({ method }: Registration) => method === 'workspace/executeCommand';
  return {
    request: {
      ...request,
      params: {
        registrations: registrations
          .filter(one => !isCommand(one))
          .flatMap(one => narrow(one, documents)),
      },
    },
    commands: registrations.filter(isCommand).flatMap(one => commandsIn(one.registerOptions)),
    formats: registrations.some(({ method }) => method === formatting.documentFormattingProvider),
  };
}

function narrow(registration: Registration, documents: ServerDocuments): Registration[] {
  const isFormatting = formattingMethods.has(registration.method);
  const own = isFormatting ? documents.formattable : documents.filters;
  const { registerOptions = {} } = registration;
  const asked = registerOptions['documentSelector'];
  if (!isFormatting && !Array.isArray(asked)) return [registration];
  const documentSelector = Array.isArray(asked) ? own.filter(one => isAskedFor(one, asked)) : own;
  if (documentSelector.length === 0) return [];
  return [{ ...registration, registerOptions: { ...registerOptions, documentSelector } }];
}

/** By language: where a server asks for files by pattern, it gets all of its own. */
function isAskedFor({ language }: ProtocolFilter, asked: readonly unknown[]): boolean {
  return asked.some(filter => {
    const wanted = typeof filter === 'string' ? filter : (filter as ProtocolFilter).language;
    return wanted === undefined || language === undefined || wanted === language || wanted === '*';
  });
}

const mostCommands = 1_000;

function commandsIn(options: unknown): readonly string[] {
  const commands = isRecord(options) ? options['commands'] : undefined;
  if (!Array.isArray(commands)) return [];
  return commands.filter(one => typeof one === 'string').slice(0, mostCommands);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
