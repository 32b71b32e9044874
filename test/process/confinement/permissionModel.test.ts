import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { permissionModelFlags } from '../../../extension/confinement/permissionModel.ts';
import { Project } from '../../support/project.ts';

const run = promisify(execFile);
const nodeMajor = Number(process.versions.node.split('.')[0]);
const prettier = path.resolve(import.meta.dirname, '../../../node_modules/prettier');

const text = `
const fs = require('node:fs');
const tries = {
  write: () => fs.writeFileSync('a, b.js', ''),
  create: () => fs.writeFileSync('new.js', ''),
  readOutside: () => fs.readFileSync(process.argv[2]),
  spawn: () => require('node:child_process').spawnSync('true'),
  writeScratch: () => fs.writeFileSync(process.argv[3] + '/new.txt', ''),
};
const outcomes = {};
for (const [name, attempt] of Object.entries(tries))
  try { attempt(); outcomes[name] = 'done' } catch (error) { outcomes[name] = error.code }
require(process.argv[4]).format(fs.readFileSync('a, b.js', 'utf8'), { parser: 'babel' })
  .then(formatted => console.log(JSON.stringify({ ...outcomes, formatted })));
`;

test('Node reads its workspace and writes its scratch only, and Prettier formats', async () => {
  using project = new Project({
    'ws, ä/a, b.js': 'a  =  1',
    'ws, ä/run.cjs': text,
    'secret.txt': '',
  });
  using scratch = new Project();
  const workspace = project.path('ws, ä');
  const flags = permissionModelFlags(nodeMajor, {
    readable: [workspace, prettier],
    links: [],
    writable: [scratch.root],
    needsChildren: false,
  });
  const paths = [project.path('secret.txt'), scratch.root, prettier];
  const args = [...flags, path.join(workspace, 'run.cjs'), ...paths];
  const { stdout } = await run(process.execPath, args, { cwd: workspace });
  expect(JSON.parse(stdout)).toEqual({
    write: 'ERR_ACCESS_DENIED',
    create: 'ERR_ACCESS_DENIED',
    readOutside: 'ERR_ACCESS_DENIED',
    spawn: 'ERR_ACCESS_DENIED',
    writeScratch: 'done',
    formatted: 'a = 1;\n',
  });
});
