import { expect, test } from 'vitest';
import { toolsAtWork } from '../../../../extension/languageServers/precedence.ts';

const formatters = {
  prettier: { documents: ['yaml', 'typescript'], ranges: ['typescript'] },
  python: { documents: ['python'], ranges: [] },
};

function rule(settings: object) {
  const defaults = {
    preferredProvider: 'tools',
    prettierEnabled: true,
    pythonFormatters: ['black'],
    pythonLinters: [],
    eslintEnable: 'auto',
  };
  const { languages, rangeLanguages, sources } = toolsAtWork(
    { ...defaults, ...settings } as never,
    formatters,
  );
  return {
    languages: [...languages],
    rangeLanguages: [...rangeLanguages],
    sources: [...sources],
  };
}

test('tools that are on format and check in the place of servers', () => {
  expect(rule({ pythonLinters: ['flake8'] })).toEqual({
    languages: ['yaml', 'typescript', 'python'],
    rangeLanguages: ['typescript'],
    sources: ['flake8', 'pycodestyle', 'pyflakes', 'mccabe', 'eslint'],
  });
});

test('tools that are off leave it to servers', () => {
  const off = { prettierEnabled: false, pythonFormatters: [], eslintEnable: 'off' };
  expect(rule(off)).toEqual({ languages: [], rangeLanguages: [], sources: [] });
});

test('a user who prefers servers has them do everything', () => {
  expect(rule({ preferredProvider: 'servers' })).toEqual({
    languages: [],
    rangeLanguages: [],
    sources: [],
  });
});
