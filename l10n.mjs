import fs from 'node:fs';
import { pathToFileURL } from 'node:url';

export const bundlePath = 'l10n/bundle.l10n.json';

/** Every text that the extension shows, as translators get it: each is its own key. */
export function collectTexts() {
  const texts = fs
    .globSync('extension/**/*.ts')
    .flatMap(file => [...fs.readFileSync(file, 'utf8').matchAll(call)])
    .map(([, single, double]) => single?.replaceAll("\\'", "'") ?? double);
  return Object.fromEntries([...new Set(texts)].sort().map(text => [text, text]));
}

/** `l10n.t('…')`, or `t('…')` where it was taken out of `l10n`. */
const call = /\bt\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gu;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  fs.mkdirSync('l10n', { recursive: true });
  fs.writeFileSync(bundlePath, `${JSON.stringify(collectTexts(), null, 2)}\n`);
}
