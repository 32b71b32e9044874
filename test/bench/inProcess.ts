import fs from 'node:fs';
import type * as Prettier from 'prettier';
import { performance } from 'node:perf_hooks';

/**
 * Prettier in a process of its own kind, as a formatter that loads it into its host would run it.
 * Prints the times of the first and the tenth format, and of ten more, in milliseconds, as JSON.
 */
const [directory, file] = process.argv.slice(2) as [string, string];
const prettier = (await import(`${directory}/index.mjs`)) as typeof Prettier;
const text = fs.readFileSync(file, 'utf8');
await prettier.format('', { parser: 'typescript' }); // as warm as a prewarmed session
const times: number[] = [];
for (let n = 0; n < 10; n++) {
  const startedAtMs = performance.now();
  const options =
    (await prettier.resolveConfig(file, { editorconfig: true, useCache: false })) ?? {};
  await prettier.format(text, { ...options, filepath: file });
  times.push(performance.now() - startedAtMs);
}
console.log(JSON.stringify({ first: times[0], tenth: times[9] }));
