import fs from 'node:fs';
import path from 'node:path';

/** Licences of the packages that the bundles contain, as one text. `metafiles` are esbuild's. */
export function thirdPartyNotices(metafiles, alsoShipped = []) {
  const bundled = metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap(packageOf);
  const names = [...new Set([...bundled, ...alsoShipped])].sort();
  return `Greenroom contains the following packages.\n${names.map(notice).join('')}`;
}

/** `node_modules/@scope/name/lib/x.js` → `@scope/name`; nothing for our own files. */
function packageOf(input) {
  const match = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(input);
  return match ? [match[1]] : [];
}

function notice(name) {
  const directory = path.join('node_modules', name);
  const { version, license } = JSON.parse(fs.readFileSync(path.join(directory, 'package.json')));
  const file = fs.readdirSync(directory).find(entry => /^licen[cs]e/iu.test(entry));
  const text = file
    ? fs.readFileSync(path.join(directory, file), 'utf8').trim()
    : `Licence: ${license}`;
  return `\n${'-'.repeat(78)}\n${name} ${version} (${license})\n\n${text}\n`;
}
