import * as prettier from 'prettier';
import { expect, test } from 'vitest';
import {
  bundledLanguageIds,
  rangeLanguageIds,
} from '../../../../extension/features/formatting/languages.ts';

test('the languages offered from the start are those of the Prettier that ships', async () => {
  const { languages } = await prettier.getSupportInfo();
  const ids = new Set(languages.flatMap(({ vscodeLanguageIds }) => vscodeLanguageIds ?? []));
  expect([...ids].sort()).toEqual(bundledLanguageIds);
  expect(rangeLanguageIds.filter(id => !ids.has(id))).toEqual([]);
});
