import { smallestReplacement } from '../../shared/base/textEdit.ts';
import type {
  FixReport,
  LinterApi,
  LintReport,
  LintRequest,
} from '../../shared/protocol/linting.ts';
import type { ToolSpec } from '../../shared/protocol/worker.ts';
import { serveLinter, type OpenTool, type Tool, type ToolPowers } from '../contract.ts';
import { examineConfiguration, refuseSuppressions } from './configuration.ts';
import { byteOrderMark } from './editorPositions.ts';
import { loadESLint, type ESLintEngine, type LoadedESLint } from './eslintModule.ts';
import { reportProblems } from './problems.ts';

/** The project's own ESLint. */
export const eslintTool: Tool = {
  name: 'eslint',
  async open(spec, powers) {
    if (!spec.trusted) return openTool(spec, 'not loaded', restricted);
    const eslint = await loadESLint(spec.directory, spec.root, powers);
    return openTool(spec, eslint.version, {
      lint: async request => explained(await lint(eslint, request), spec, powers),
      fix: async request => explained(await fix(eslint, request), spec, powers),
    });
  },
};

/** Every configuration of ESLint is code, or names code. */
const restricted: LinterApi = {
  lint: async () => ({ kind: 'restricted' }),
  fix: async () => ({ kind: 'restricted' }),
};

function explained<T extends LintReport | FixReport>(
  report: T,
  { root }: ToolSpec,
  powers: ToolPowers,
): T {
  if (report.kind !== 'configurationError') return report;
  return { ...report, message: powers.explain(report.message, root) };
}

function openTool({ origin }: ToolSpec, version: string, linter: LinterApi): OpenTool {
  return {
    opened: { info: { name: 'eslint', version, origin }, languageIds: [] },
    methods: serveLinter(linter),
  };
}

async function lint(eslint: LoadedESLint, request: LintRequest): Promise<LintReport> {
  const { linter } = eslint;
  const configuration = await examineConfiguration(linter, eslint, request);
  if (configuration.kind !== 'usable') return configuration;
  const results = await run(linter, request).catch(refuseSuppressions);
  if ('kind' in results) return results;
  const report = reportProblems(linter, results, request);
  if (report.kind !== 'linted' || !configuration.isTyped) return report;
  return { ...report, keepsOthers: true };
}

async function fix(eslint: LoadedESLint, request: LintRequest): Promise<FixReport> {
  const { fixer } = eslint;
  const configuration = await examineConfiguration(fixer, eslint, request);
  if (configuration.kind !== 'usable') return configuration;
  const [result] = await run(fixer, request);
  const { text, hasByteOrderMark } = request;
  const output = result?.output ?? text;
  const edit = smallestReplacement(
    text,
    hasByteOrderMark && output.startsWith(byteOrderMark) ? output.slice(1) : output,
  );
  return edit ? { kind: 'fixed', edit } : { kind: 'unchanged' };
}

function run(engine: ESLintEngine, { text, path: filePath, hasByteOrderMark }: LintRequest) {
  const whole = hasByteOrderMark ? byteOrderMark + text : text;
  return engine.lintText(whole, { filePath, warnIgnored: false });
}
