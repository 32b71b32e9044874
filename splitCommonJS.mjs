import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { requireOnce } from './requireOnce.mjs';

/**
 * Has a CommonJS bundle come in parts: what is imported as it is needed is a file of its own, and is
 * compiled only then. esbuild splits ES modules only, and VS Code loads CommonJS; so it is split first,
 * and turned into CommonJS part by part. Fails when a file of those in `apart` is loaded with the entry.
 */
export function splitCommonJS({ minify, sourcemap, apart }) {
  return {
    name: 'split CommonJS',
    setup(build) {
      Object.assign(build.initialOptions, {
        format: 'esm',
        splitting: true,
        write: false,
        outExtension: { '.js': '.cjs' },
        sourcemap: sourcemap && 'inline',
      });
      build.onEnd(async ({ errors, outputFiles = [], metafile }) => {
        if (errors.length > 0) return; // esbuild tells of them
        const atOnce = loadedAtOnce(metafile.outputs, build.initialOptions.entryPoints[0]);
        for (const file of apart) assert(!atOnce.has(file), `${file} is loaded at once`);
        await Promise.all(outputFiles.map(writeAsCommonJS));
      });
    },
  };

  async function writeAsCommonJS({ path: file, text }) {
    const { code } = await esbuild.transform(text, {
      format: 'cjs',
      platform: 'node',
      minify,
      sourcemap: sourcemap && 'inline',
      sourcefile: path.basename(file),
      supported: { 'dynamic-import': false }, // it becomes `require`, which need not look for exports
    });
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, requireOnce(code));
  }
}

/** The source files of the part that begins with `source`, and of all that it imports from the start. */
function loadedAtOnce(outputs, source) {
  const entry = Object.keys(outputs).find(output => outputs[output].entryPoint === source);
  const parts = new Set([entry]);
  for (const part of parts) {
    const imported = outputs[part].imports.filter(
      ({ kind, external }) => kind === 'import-statement' && !external,
    );
    for (const { path: other } of imported) parts.add(other);
  }
  return new Set([...parts].flatMap(part => Object.keys(outputs[part].inputs)));
}
