import { spawn } from 'node:child_process';
import path from 'node:path';
import * as esbuild from 'esbuild';

// The benchmark measures what ships: the host's side is bundled as the extension is.
const repository = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(repository, '.cache/bench/main.mjs');
await esbuild.build({
  entryPoints: [path.join(import.meta.dirname, 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  packages: 'external',
  // Of the client library only that is used here which it has from there; itself it needs an editor.
  alias: { 'vscode-languageclient/node': 'vscode-jsonrpc/node' },
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
});

const options = process.argv.slice(2);
// Garbage is collected before each side's turn: by its next one, the others' turns would have had the code
// forgotten which it needs, as no program does that is at work.
const flags = ['--expose-gc', '--no-flush-bytecode', '--enable-source-maps'];
if (options.some(option => option.startsWith('--extras'))) {
  // What is measured in an editor is driven by files that are loaded as they are.
  flags.push('--experimental-transform-types', '--disable-warning=ExperimentalWarning');
}
const child = spawn(process.execPath, [...flags, bundle, ...options], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', code => {
  process.exitCode = code ?? 1;
});
