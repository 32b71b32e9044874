import fs from 'node:fs';
import path from 'node:path';
import { installedSamples, python } from './samples.ts';

const packages = [
  'bash-language-server',
  'typescript',
  'typescript-language-server',
  'vscode-langservers-extracted',
  'yaml-language-server',
];

/** Without what a server would look for in the network, where there may be none. */
const settings = {
  'files.autoSave': 'off',
  'greenroom.python.interpreter': python,
  'yaml.schemaStore.enable': false,
};

/** Writes the documents of the samples, and installs their servers from `repository` by links. */
export function fillSampleWorkspace(folder: string, repository: string): void {
  for (const { file, text, otherFiles } of installedSamples()) {
    for (const [name, content] of Object.entries({ ...otherFiles, [file]: text })) {
      write(path.join(folder, name), content);
    }
  }
  write(path.join(folder, '.vscode/settings.json'), JSON.stringify(settings));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  for (const name of packages) {
    const [from, to] = [repository, folder].map(root => path.join(root, 'node_modules', name));
    fs.symlinkSync(from!, to!, 'junction');
  }
}

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}
