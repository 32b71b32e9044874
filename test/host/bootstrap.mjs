// `node test/host/bootstrap.mjs start|test [flags]`: what `npm start` and `npm test` run, also on a
// fresh clone. Plain JavaScript on Node's built-ins, because nothing else need be here yet.
import { spawn, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname ?? '.', '../..');
const modules = path.join(repository, 'node_modules');
const binaries = path.join(modules, '.bin');
const installedLock = path.join(modules, '.greenroom-lock');
const programs = { start: 'test/host/start.ts', test: 'test/support/runAll.ts' };
const isWindows = process.platform === 'win32';

async function main([name, ...flags]) {
  const program = programs[name];
  if (!program) throw new Error(`expected one of: ${Object.keys(programs).join(', ')}`);
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`Node 20 or later is needed; this is ${process.version}.`);
  if (!isInstalled()) install();
  return run(program, flags);
}

function lockHash() {
  const lock = fs.readFileSync(path.join(repository, 'package-lock.json'));
  return crypto.createHash('sha256').update(lock).digest('hex');
}

/** Somebody's own `npm ci` or `npm install` is as good as ours. */
function isInstalled() {
  if (!fs.existsSync(binaries)) return false;
  if (fs.existsSync(installedLock) && fs.readFileSync(installedLock, 'utf8') === lockHash())
    return true;
  if (!matchesNpmRecord()) return false;
  fs.writeFileSync(installedLock, lockHash());
  return true;
}

/** npm writes down what it has put into node_modules; packages for other machines are not there. */
function matchesNpmRecord() {
  const record = path.join(modules, '.package-lock.json');
  if (!fs.existsSync(record)) return false;
  const packages = file => JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  const { '': _project, ...wanted } = packages(path.join(repository, 'package-lock.json'));
  const present = packages(record);
  return (
    Object.keys(present).every(name => wanted[name]) &&
    Object.entries(wanted).every(([name, { version, optional, devOptional }]) =>
      present[name] ? present[name].version === version : optional || devOptional,
    )
  );
}

function install() {
  console.log('Installing the packages of package-lock.json (npm ci)…');
  // npm must not run on the Node that it is about to replace.
  const env = { ...process.env, PATH: pathWithout(binaries) };
  const { error, status } = spawnSync('npm', ['ci'], {
    cwd: repository,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: isWindows,
  });
  if (error) throw new Error(`npm could not be started (${error.message}). It comes with Node.`);
  if (status !== 0) throw new Error('npm ci failed; its own words are above.');
  fs.writeFileSync(installedLock, lockHash());
}

function pathWithout(folder) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return folders.filter(entry => path.resolve(entry) !== folder).join(path.delimiter);
}

/** On the Node of package.json, which is the Node of VS Code's extension host. */
function run(program, flags) {
  const node = path.join(binaries, isWindows ? 'node.cmd' : 'node');
  const env = { ...process.env, PATH: [binaries, pathWithout(binaries)].join(path.delimiter) };
  const child = spawn(node, [path.join(repository, program), ...flags], {
    cwd: repository,
    env,
    stdio: 'inherit',
    shell: isWindows,
  });
  // Ctrl+C reaches the child by itself, through the terminal; we only wait for it.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
