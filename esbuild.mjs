import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { thirdPartyNotices } from './notices.mjs';
import { requiringOnce } from './requireOnce.mjs';
import { splitCommonJS } from './splitCommonJS.mjs';

const production = process.argv.includes('--production');

const common = {
  bundle: true,
  sourcemap: !production,
  minify: production,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // Otherwise it makes patterns of a library at the start of every program, used or not.
  supported: { 'regexp-unicode-property-escapes': true },
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
const worker = { ...node, plugins: [requiringOnce] };
const browser = { ...common, platform: 'browser', format: 'iife', target: 'chrome128' };

const bundles = [
  {
    ...node,
    entryPoints: ['extension/extension.ts'],
    outdir: 'dist',
    plugins: [
      splitCommonJS({
        minify: production,
        sourcemap: !production,
        apart: [
          'extension/sessions/launchSession.ts',
          'extension/languageServers/client/connect.ts',
        ],
      }),
    ],
    // The client for language servers is large: it stays on disk until there is one.
    alias: { 'vscode-languageclient/node': './languageClient.cjs' },
    external: ['vscode', './languageClient.cjs'],
  },
  {
    ...node,
    entryPoints: ['vscode-languageclient/node'],
    outfile: 'dist/languageClient.cjs',
    external: ['vscode'],
  },
  { ...worker, entryPoints: ['server/worker/main.ts'], outfile: 'dist/worker.cjs' },
  { ...worker, entryPoints: ['server/worker/becomeServer.ts'], outfile: 'dist/server.cjs' },
  { ...browser, entryPoints: ['webview/main.ts'], outfile: 'dist/webview.js' },
  { ...browser, entryPoints: ['media/dashboard.css'], outfile: 'dist/dashboard.css' },
];

/** Files that ship as they are. */
const copies = [
  ['server/python', 'dist/python'],
  ['extension/confinement/landlock.pl', 'dist/landlock.pl'],
  ['node_modules/@vscode/codicons/dist/codicon.css', 'dist/codicons/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/codicons/codicon.ttf'],
  ['node_modules/prettier/package.json', 'dist/prettier/package.json'],
  ['node_modules/prettier/LICENSE', 'dist/prettier/LICENSE'],
  ['node_modules/prettier/THIRD-PARTY-NOTICES.md', 'dist/prettier/THIRD-PARTY-NOTICES.md'],
  ['node_modules/prettier/index.mjs', 'dist/prettier/index.mjs'],
  ['node_modules/prettier/index.cjs', 'dist/prettier/index.cjs'],
  ['node_modules/prettier/doc.js', 'dist/prettier/doc.js'],
  ['node_modules/prettier/doc.mjs', 'dist/prettier/doc.mjs'],
  ...fs
    .readdirSync('node_modules/prettier/plugins')
    .filter(name => name.endsWith('.mjs'))
    .map(name => [`node_modules/prettier/plugins/${name}`, `dist/prettier/plugins/${name}`]),
];

fs.rmSync('dist', { recursive: true, force: true });
for (const [from, to] of copies) fs.cpSync(from, to, { recursive: true, filter: isSource });

/** Not what Python and its checkers have made of it. */
function isSource(file) {
  const name = path.basename(file);
  return name !== '__pycache__' && !name.startsWith('.');
}

if (process.argv.includes('--watch')) {
  for (const bundle of bundles) await (await esbuild.context(bundle)).watch();
} else {
  const results = await Promise.all(bundles.map(bundle => esbuild.build(bundle)));
  const notices = thirdPartyNotices(
    results.map(({ metafile }) => metafile),
    ['@vscode/codicons'], // Prettier's stand beside its files
  );
  fs.writeFileSync('dist/THIRD_PARTY_NOTICES.txt', notices);
  if (results.some(result => result.warnings.length > 0)) process.exitCode = 1;
}
