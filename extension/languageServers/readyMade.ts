import type { ToolNeeds } from '../../server/shared/protocol/toolNeeds.ts';
import { eslintAnswers } from './eslintAnswers.ts';

/** A workspace folder, as the protocol names it. */
export interface ServerFolder {
  readonly uri: string;
  readonly name: string;
  /** The Python that was found for it, where the server is for Python. */
  readonly interpreter?: string | undefined;
}

/** What is known about a language server before any is started. */
export interface ReadyMadeServer {
  readonly name: string;
  /** For a person. */
  readonly title: string;
  /** Editor languages of the documents that it is told of. */
  readonly languages: readonly string[];
  /** As it is called in `node_modules/.bin`, beside an interpreter and on the `PATH`. */
  readonly program: string;
  readonly npmPackage?: string;
  /** Packages that it finds in the project, and does not work without. */
  readonly companions?: readonly string[];
  /** Named by what installs it; `module` is what the interpreter can run. */
  readonly python?: { readonly distribution: string; readonly module?: string };
  readonly args: readonly string[];
  /** The section of the editor's settings that it is told of unasked. */
  readonly settingsSection?: string;
  readonly needs: ToolNeeds;
  readonly initializationOptions?: unknown;
  /** By section: what its questions are answered where the user has set nothing. */
  readonly answers?: (folder: ServerFolder) => Readonly<Record<string, unknown>>;
  /** What it is one of several for: two of a kind would do everything twice. */
  readonly kind?: string;
  /** Whether it formats documents, by itself or when its settings say so. */
  readonly formats?: boolean;
  /** Tools of ours whose problems it tells too. */
  readonly problems?: readonly ('eslint' | 'flake8' | 'pylint' | 'mypy')[];
}

const scripts = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'];

/** From the npm package of Visual Studio Code's own servers. They offer to format only when told to. */
const ofVSCode = {
  npmPackage: 'vscode-langservers-extracted',
  formats: true,
  args: ['--stdio'],
  needs: { children: false, scratch: false },
  initializationOptions: { provideFormatter: true },
} as const;

/** What they do without settings. They fail on `null`, which is how "nothing is set" is told. */
const unset = (...sections: readonly string[]) =>
  Object.fromEntries(sections.map(section => [section, {}]));

export const readyMadeServers: readonly ReadyMadeServer[] = [
  {
    name: 'typescript-language-server',
    title: 'TypeScript Language Server',
    languages: scripts,
    program: 'typescript-language-server',
    npmPackage: 'typescript-language-server',
    formats: true,
    kind: 'typescript',
    companions: ['typescript'],
    args: ['--stdio'],
    settingsSection: 'typescript',
    needs: { children: true, scratch: true }, // it forks TypeScript's own server
    // It would have npm fetch types, and there is no network.
    initializationOptions: { disableAutomaticTypingAcquisition: true },
  },
  {
    name: 'vtsls',
    title: 'vtsls (TypeScript)',
    languages: scripts,
    program: 'vtsls',
    npmPackage: '@vtsls/language-server',
    formats: true,
    kind: 'typescript',
    args: ['--stdio'],
    settingsSection: 'typescript',
    needs: { children: true, scratch: true }, // as above
    answers: () => ({ '': { typescript: { disableAutomaticTypeAcquisition: true } } }),
  },
  {
    ...ofVSCode,
    name: 'vscode-json-language-server',
    title: 'JSON Language Server',
    languages: ['json', 'jsonc'],
    program: 'vscode-json-language-server',
    settingsSection: 'json',
  },
  {
    ...ofVSCode,
    name: 'vscode-css-language-server',
    title: 'CSS Language Server',
    languages: ['css', 'less', 'scss'],
    program: 'vscode-css-language-server',
    answers: () => unset('css', 'less', 'scss'),
  },
  {
    ...ofVSCode,
    name: 'vscode-html-language-server',
    title: 'HTML Language Server',
    languages: ['html'],
    program: 'vscode-html-language-server',
    answers: () => unset('html', 'css', 'javascript', 'js/ts'),
  },
  {
    name: 'vscode-eslint-language-server',
    title: 'ESLint Language Server',
    languages: scripts,
    program: 'vscode-eslint-language-server',
    npmPackage: ofVSCode.npmPackage,
    args: ['--stdio'],
    needs: { children: true, scratch: true }, // it resolves the project's ESLint in a fork
    answers: eslintAnswers,
    problems: ['eslint'],
  },
  {
    name: 'yaml-language-server',
    title: 'YAML Language Server',
    languages: ['dockercompose', 'yaml'],
    program: 'yaml-language-server',
    npmPackage: 'yaml-language-server',
    formats: true,
    args: ['--stdio'],
    settingsSection: 'yaml',
    needs: { children: false, scratch: false },
    answers: () => ({
      yaml: {
        completion: true,
        format: { enable: true },
        hover: true,
        schemaStore: { enable: false }, // it is fetched, and there is no network
        validate: true,
      },
    }),
  },
  {
    name: 'bash-language-server',
    title: 'Bash Language Server',
    languages: ['shellscript'],
    program: 'bash-language-server',
    npmPackage: 'bash-language-server',
    args: ['start'],
    settingsSection: 'bashIde',
    needs: { children: true, scratch: false }, // ShellCheck and shfmt, where they are installed
  },
  {
    name: 'pyright',
    title: 'Pyright',
    languages: ['python'],
    program: 'pyright-langserver',
    npmPackage: 'pyright',
    python: { distribution: 'pyright' },
    args: ['--stdio'],
    settingsSection: 'python',
    needs: { children: true, scratch: true }, // it asks the interpreter where packages are
    answers: ({ interpreter }) => ({ python: interpreter ? { pythonPath: interpreter } : {} }),
    problems: ['mypy'],
  },
  {
    name: 'pylsp',
    title: 'Python LSP Server',
    languages: ['python'],
    program: 'pylsp',
    python: { distribution: 'python-lsp-server', module: 'pylsp' },
    formats: true,
    args: [],
    settingsSection: 'pylsp',
    needs: { children: true, scratch: true }, // jedi looks into environments by their interpreters
    problems: ['flake8', 'pylint'],
  },
  {
    name: 'ruff',
    title: 'Ruff',
    languages: ['python'],
    program: 'ruff',
    python: { distribution: 'ruff' },
    formats: true,
    args: ['server'],
    settingsSection: 'ruff',
    needs: { children: false, scratch: false },
    problems: ['flake8', 'pylint'],
  },
  {
    name: 'biome',
    title: 'Biome',
    languages: ['css', 'graphql', ...scripts, 'json', 'jsonc'],
    program: 'biome',
    npmPackage: '@biomejs/biome',
    formats: true,
    args: ['lsp-proxy'],
    settingsSection: 'biome',
    needs: { children: true, scratch: true }, // the proxy starts the server it speaks for
    problems: ['eslint'],
  },
];

const byName = new Map(readyMadeServers.map(server => [server.name, server]));

export function findReadyMade(name: string): ReadyMadeServer | undefined {
  return byName.get(name);
}
