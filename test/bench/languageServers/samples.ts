import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** A language server that people use, and a document of it. */
export interface ServerSample {
  /** As Greenroom's catalogue has it. */
  readonly name: string;
  /** The program of a Node package, in `node_modules`; absent for a Python module. */
  readonly module?: string;
  readonly file: string;
  readonly language: string;
  readonly text: string;
  /** Completions are asked for behind this. */
  readonly behind: string;
  /** How one of them begins. */
  readonly label: string;
  readonly otherFiles?: Readonly<Record<string, string>>;
}

/** The interpreter that Debian's packages are installed for. */
export const python = '/usr/bin/python3';

const schema = {
  type: 'object',
  properties: { kind: { enum: ['tea', 'cake'] }, amount: { type: 'number' } },
};
const otherFiles = { 'shop.schema.json': JSON.stringify(schema) };

const ofNode: readonly ServerSample[] = [
  {
    name: 'typescript-language-server',
    module: 'typescript-language-server/lib/cli.mjs',
    file: 'src/cart.ts',
    language: 'typescript',
    text: 'interface Cart {\n  readonly items: readonly string[];\n}\nexport const count = (cart: Cart) => cart.items.length;\n',
    behind: '=> cart.',
    label: 'items',
    otherFiles: { 'tsconfig.json': '{ "compilerOptions": { "types": [] }, "include": ["src"] }' },
  },
  {
    name: 'yaml-language-server',
    module: 'yaml-language-server/bin/yaml-language-server',
    file: 'shop.yaml',
    language: 'yaml',
    text: '# yaml-language-server: $schema=shop.schema.json\nkind: tea\n',
    behind: 'kind: tea\n',
    label: 'amount',
    otherFiles,
  },
  {
    name: 'bash-language-server',
    module: 'bash-language-server/out/cli.js',
    file: 'run.sh',
    language: 'shellscript',
    text: '#!/bin/bash\ngreet() {\n  echo "hello $1"\n}\ngre\n',
    behind: '}\ngre',
    label: 'greet',
  },
  {
    name: 'vscode-json-language-server',
    module: 'vscode-langservers-extracted/bin/vscode-json-language-server',
    file: 'shop.json',
    language: 'json',
    text: '{ "$schema": "./shop.schema.json", "kind": "tea",  }\n',
    behind: '"tea", ',
    label: 'amount',
    otherFiles,
  },
];

const pylsp: ServerSample = {
  name: 'pylsp',
  file: 'stock.py',
  language: 'python',
  text: 'import os\n\nprint(os.getc)\n',
  behind: 'os.getc',
  label: 'getcwd',
};

/** Those that are installed here. */
export function installedSamples(): readonly ServerSample[] {
  const hasPylsp = spawnSync(python, ['-c', 'import pylsp']).status === 0;
  return hasPylsp ? [...ofNode, pylsp] : ofNode;
}

/** Where completions are asked for, as the protocol and the editor count. */
export function positionIn({ text, behind }: ServerSample): { line: number; character: number } {
  const lines = text.slice(0, text.indexOf(behind) + behind.length).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** What Node runs, with the packages of a folder. */
export function moduleIn(folder: string, module: string): string {
  return path.join(folder, 'node_modules', module);
}
