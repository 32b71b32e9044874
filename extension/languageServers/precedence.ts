import type { Settings } from '../config/settings.ts';

/** What tools of ours do for documents, so that a server need not do it too. */
export interface ToolsAtWork {
  /** Editor languages that are formatted, and those in which a part of a document is. */
  readonly languages: ReadonlySet<string>;
  readonly rangeLanguages: ReadonlySet<string>;
  /** As problems name where they come from, in lower case. */
  readonly sources: ReadonlySet<string>;
}

/** By a tool's name: the sources under which servers tell what it finds. flake8 is made of several. */
const sourcesOf: Readonly<Record<string, readonly string[]>> = {
  eslint: ['eslint'],
  flake8: ['flake8', 'pycodestyle', 'pyflakes', 'mccabe'],
  mypy: ['mypy'],
  pylint: ['pylint'],
};

/** The languages that one of our formatters is offered for. */
interface OfferedLanguages {
  readonly documents: readonly string[];
  readonly ranges: readonly string[];
}

export interface FormatterLanguages {
  readonly prettier: OfferedLanguages;
  readonly python: OfferedLanguages;
}

/**
 * The one rule for what a server and a tool could both do: whoever the user prefers does it, the other
 * does not offer it. This is the tools' part; empty when servers are preferred.
 */
export function toolsAtWork(settings: Settings, formatters: FormatterLanguages): ToolsAtWork {
  const { prettierEnabled, pythonFormatters, pythonLinters, eslintEnable } = settings;
  if (settings.preferredProvider === 'servers') {
    return { languages: new Set(), rangeLanguages: new Set(), sources: new Set() };
  }
  const linters = [...pythonLinters, ...(eslintEnable === 'off' ? [] : ['eslint'])];
  const working = [
    ...(prettierEnabled ? [formatters.prettier] : []),
    ...(pythonFormatters.length > 0 ? [formatters.python] : []),
  ];
  return {
    languages: new Set(working.flatMap(({ documents }) => documents)),
    rangeLanguages: new Set(working.flatMap(({ ranges }) => ranges)),
    sources: new Set(linters.flatMap(name => sourcesOf[name] ?? [])),
  };
}
