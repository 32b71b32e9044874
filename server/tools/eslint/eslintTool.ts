import { smallestReplacement } from '../../shared/base/textEdit.ts';
import type {
  FixReport,
  LinterApi,
  LintReport,
  LintRequest,
} from '../../shared/protocol/linting.ts';
import type { ToolSpec } from '../../shared/protocol/worker.ts';
import { serveLinter, type OpenTool, type Tool } from '../contract.ts';
import { examineConfiguration } from './configuration.ts';
import { loadESLint, type ESLintEngine, type LoadedESLint } from './eslintModule.ts';
import { reportProblems } from './problems.ts';

/** The project's own ESLint. */
export const eslintTool: Tool = {
  name: 'eslint',
  async open(spec, powers) {
    if (!spec.trusted) return openTool(spec, 'not loaded', restricted);
    const eslint = await loadESLint(spec.directory, spec.root, powers);
    return openTool(spec, eslint.version, {
      lint: request => lint(eslint, request),
      fix: request => fix(eslint, request),
    });
  },
};

/** Every configuration of ESLint is code, or names code. */
const restricted: LinterApi = {
  lint: async () => ({ kind: 'restricted' }),
  fix: async () => ({ kind: 'restricted' }),
};

function openTool({ origin }: ToolSpec, version: string, linter: LinterApi): OpenTool {
  return {
    opened: { info: { name: 'eslint', version, origin }, languageIds: [] },
    methods: serveLinter(linter),
  };
}

async function lint(
  { linter, configurationForm }: LoadedESLint,
  request: LintRequest,
): Promise<LintReport> {
  const configuration = await examineConfiguration(linter, configurationForm, request);
  if (configuration.kind !== 'usable') return configuration;
  const report = reportProblems(linter, await run(linter, request), request);
  if (report.kind !== 'linted' || !configuration.isTyped) return report;
  return { ...report, keepsOthers: true };
}

async function fix(
  { fixer, configurationForm }: LoadedESLint,
  request: LintRequest,
): Promise<FixReport> {
  const configuration = await examineConfiguration(fixer, configurationForm, request);
  if (configuration.kind !== 'usable') return configuration;
  const [result] = await run(fixer, request);
  const edit = smallestReplacement(request.text, result?.output ?? request.text);
  return edit ? { kind: 'fixed', edit } : { kind: 'unchanged' };
}

function run(engine: ESLintEngine, { text, path: filePath }: LintRequest) {
  return engine.lintText(text, { filePath, warnIgnored: false });
}
