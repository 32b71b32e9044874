import path from 'node:path';
import { smallestReplacement } from '../../shared/base/textEdit.ts';
import type { FormatReport, FormatRequest } from '../../shared/protocol/formatting.ts';
import type { ToolSpec } from '../../shared/protocol/worker.ts';
import { serveFormatter, type Tool, type ToolPowers } from '../contract.ts';
import { placeOfUntitled, resolveConfiguration } from './configuration.ts';
import { reportFormatError } from './formatErrors.ts';
import {
  majorOf,
  toPrettierModule,
  type PrettierModule,
  type PrettierOptions,
} from './prettierModule.ts';

/** The project's own Prettier, or the one that ships with Greenroom. */
export const prettierTool: Tool = {
  name: 'prettier',
  async open(spec, powers) {
    if (!spec.trusted) powers.restrictLoading(spec.directory);
    const prettier = toPrettierModule(await powers.loadPackage(spec.directory), spec.directory);
    return {
      opened: {
        info: { name: 'prettier', version: prettier.version, origin: spec.origin },
        languageIds: await languageIdsOf(prettier, spec),
      },
      methods: serveFormatter({
        format: async request => explained(await format(prettier, request, spec), spec, powers),
        warm: async request => void (await format(prettier, request, spec)),
      }),
    };
  },
};

function explained(report: FormatReport, { root }: ToolSpec, powers: ToolPowers): FormatReport {
  if (report.kind !== 'configurationError') return report;
  return { ...report, message: powers.explain(report.message, root) };
}

async function format(
  prettier: PrettierModule,
  request: FormatRequest,
  spec: ToolSpec,
): Promise<FormatReport> {
  const place = request.path ?? placeOfUntitled(spec.root);
  // Before the configuration, so that a broken one does not trouble files nobody formats.
  if (request.path && (await isIgnored(prettier, request.path, spec))) return { kind: 'ignored' };
  const configuration = await resolveConfiguration(prettier, place);
  if (configuration.kind === 'unusable') return configuration.report;
  return formatWith(prettier, request, configuration.options);
}

async function formatWith(
  prettier: PrettierModule,
  request: FormatRequest,
  configured: PrettierOptions,
): Promise<FormatReport> {
  try {
    const parser = configured['parser'] ?? (await parserFor(prettier, request, configured));
    if (parser === undefined) return { kind: 'unsupported' };
    const formatted = await prettier.format(request.text, {
      ...configured,
      ...(request.path !== undefined && { filepath: request.path }),
      ...(request.range && { rangeStart: request.range.start, rangeEnd: request.range.end }),
      parser,
    });
    return reportOf(request.text, formatted);
  } catch (error) {
    return reportFormatError(error);
  }
}

function reportOf(before: string, after: string): FormatReport {
  const edit = smallestReplacement(before, after);
  if (!edit) return { kind: 'unchanged' };
  const lineEnding = lineEndingOf(after);
  return {
    kind: 'formatted',
    edit,
    ...(lineEnding !== undefined && lineEnding !== lineEndingOf(before) && { lineEnding }),
  };
}

function lineEndingOf(text: string): 'lf' | 'crlf' | undefined {
  const at = text.indexOf('\n');
  if (at < 0) return undefined;
  return text[at - 1] === '\r' ? 'crlf' : 'lf';
}

async function isIgnored(
  prettier: PrettierModule,
  filePath: string,
  spec: ToolSpec,
): Promise<boolean> {
  for (const root of spec.ignoreRoots) {
    const prettierIgnore = path.join(root, '.prettierignore');
    const ignorePath =
      majorOf(prettier.version) < 3
        ? prettierIgnore
        : [path.join(root, '.gitignore'), prettierIgnore];
    const info = await prettier.getFileInfo(filePath, {
      ignorePath,
      plugins: [],
      resolveConfig: false,
    });
    if (info.ignored) return true;
  }
  return false;
}

/** By the file's name, as the command line does; then by the editor's language. */
async function parserFor(
  prettier: PrettierModule,
  request: FormatRequest,
  { plugins = [] }: PrettierOptions,
): Promise<string | undefined> {
  if (request.path !== undefined) {
    const info = await prettier.getFileInfo(request.path, { plugins, resolveConfig: false });
    if (info.inferredParser !== null) return info.inferredParser;
  }
  const { languages } = await prettier.getSupportInfo({ plugins });
  return languages.find(language => language.vscodeLanguageIds?.includes(request.languageId))
    ?.parsers[0];
}

async function languageIdsOf(prettier: PrettierModule, spec: ToolSpec): Promise<string[]> {
  const place = placeOfUntitled(spec.root);
  const configuration = await resolveConfiguration(prettier, place);
  const plugins = configuration.kind === 'resolved' ? (configuration.options.plugins ?? []) : [];
  const { languages } = await supportInfo(prettier, plugins);
  return [...new Set(languages.flatMap(language => language.vscodeLanguageIds ?? []))].sort();
}

/** What is wrong with configuration or plugins is told when somebody formats; the tool opens without. */
async function supportInfo(prettier: PrettierModule, plugins: readonly unknown[]) {
  try {
    return await prettier.getSupportInfo({ plugins });
  } catch {
    return await prettier.getSupportInfo({ plugins: [] });
  }
}
