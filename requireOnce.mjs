import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Has CommonJS use the modules that stay outside of it as they are. esbuild copies all getters of such a
 * module for every file that imports its default, or all of it: a fifth of the time that loading a worker
 * takes; and VS Code looks up who asks each time `vscode` is required. Fails when that cannot be mended.
 */
export function requireOnce(code) {
  const [, copies] = copying.exec(code) ?? [];
  const once = copies ? code.replaceAll(copiesBy(copies), 'theModule($1)') : code;
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

/** esbuild's own function that copies a module's getters, whose name is short in code that is minified. */
const copying =
  /(?<![\w$])([\w$]+) ?= ?\(([\w$]+), ?[\w$]+, ?([\w$]+)\) ?=> ?\(\3 ?= ?\2 ?!= ?null\b[^;]*?\.__esModule\b[^;]*?"default"/;

/** Where that is called, as esbuild writes it: not in a text, nor in a function of another name. */
function copiesBy(name) {
  const call = String.raw`${name.replaceAll('$', '\\$&')}\(require\(("(?:vscode|node:[\w/]+)")\)(?:, ?1)?\)`;
  return new RegExp(`(?<==>? ?)${call}`, 'g');
}

/** On one line, before the code and without a newline, so that its lines stay where they are. */
const theModule = [
  'const theModules={}',
  'theModule=name=>theModules[name]??=(of=>Object.create(of,{default:{value:of}}))(require(name))',
].join(',');
