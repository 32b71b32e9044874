import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { importZones } from './importTable.mjs';

export default tseslint.config(
  { ignores: ['dist/', '.cache/', 'test/fixtures/', 'media/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'import-x': importX },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'import-x/no-restricted-paths': ['error', { zones: importZones() }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreUsingDeclarations: true },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // Standard output is the product of these programs.
    files: [
      'test/host/**',
      'test/bench/**',
      'test/escape/**',
      'test/stress/**',
      'test/support/**',
      'test/vscode/index.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Code without VS Code runs and is tested on plain Node.
    files: ['server/**', 'extension/{sessions,confinement,metrics}/**', 'webview/**'],
    rules: { 'no-restricted-imports': ['error', { paths: ['vscode'] }] },
  },
  {
    // A tool is given its powers: it reaches for none itself.
    files: ['server/tools/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['vscode'],
          patterns: [
            { regex: '^node:(?!(path|url)$)', message: 'Tools use the powers they are given.' },
          ],
        },
      ],
    },
  },
);
