import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Has CommonJS use the modules that stay outside of it as they are. esbuild copies all getters of such a
 * module for every file that imports its default, or all of it: a fifth of the time that loading a worker
 * takes; and VS Code looks up who asks each time `vscode` is required. Fails when that cannot be mended.
 */
export function requireOnce(code) {
  const once = code.replaceAll(copyOfModule, 'theModule($1)');
  assert(!once.includes('require("vscode")'), 'vscode is required in a way that is not known here');
  return once === code ? code : `${theModule};${once}`;
}

/** The same for a bundle in one piece. */
export const requiringOnce = {
  name: 'require once',
  setup(build) {
    build.initialOptions.write = false;
    build.onEnd(({ outputFiles = [] }) => {
      for (const { path: file, text } of outputFiles) {
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, file.endsWith('.map') ? text : requireOnce(text));
      }
    });
  },
};

/** As esbuild writes it, with names that are short or not. */
const copyOfModule = /[\w$]+\(require\(("(?:vscode|node:[\w/]+)")\)(?:, ?1)?\)/g;

/** On one line, before the code and without a newline, so that its lines stay where they are. */
const theModule = [
  'const theModules={}',
  'theModule=name=>theModules[name]??=(of=>Object.create(of,{default:{value:of}}))(require(name))',
].join(',');
