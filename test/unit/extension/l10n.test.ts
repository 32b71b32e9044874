import fs from 'node:fs';
import { expect, test } from 'vitest';
import { bundlePath, collectTexts } from '../../../l10n.mjs';

test('translators get every text that the extension shows; `npm run l10n` collects them', () => {
  const bundle = JSON.parse(fs.readFileSync(bundlePath, 'utf8')) as Record<string, string>;
  expect(bundle).toEqual(collectTexts());
  expect(bundle).toHaveProperty(['No sessions yet']);
});
