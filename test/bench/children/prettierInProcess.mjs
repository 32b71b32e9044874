/**
 * Prettier in a process of its own kind, as a formatter that loads it into its host would run it.
 * Prints the times of the first and the tenth format, in milliseconds, as JSON.
 */
import fs from 'node:fs';

const [directory, file] = process.argv.slice(2);
const prettier = await import(`${directory}/index.mjs`);
const text = fs.readFileSync(file, 'utf8');
await prettier.format('', { parser: 'typescript' }); // as warm as a prewarmed session
const times = [];
for (let n = 0; n < 10; n++) {
  const startedAtMs = performance.now();
  const options = await prettier.resolveConfig(file, { editorconfig: true, useCache: false });
  await prettier.format(text, { ...options, filepath: file });
  times.push(performance.now() - startedAtMs);
}
console.log(JSON.stringify({ first: times[0], tenth: times[9] }));
