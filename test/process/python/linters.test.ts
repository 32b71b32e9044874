import { expect, test } from 'vitest';
import type { Problem } from '../../../server/shared/protocol/linting.ts';
import { describeTool } from '../../support/python/describeTool.ts';
import { printedByCommand, withTool } from '../../support/python/pythonTools.ts';

const documents: [name: string, text: string][] = [
  [
    'with names and types that are wrong',
    'import os, sys\n\n\ndef f(a: int) -> str:\n  return b\n',
  ],
  ['in which characters are more than a byte', '"ü😀"; import os; ß = "😀"  ;x = missing\n'],
  ['in which long characters come before a mistake of style', 'x = ["😀ü" ,1]; y = "\\d" \n'],
  ['that is indented by tabs', 'if True:\n\tx = 1 \n\tif x:\n\t\tprint(x,missing)\n'],
  ['with CR LF', 'import os\r\n\r\nx = 1 \r\nprint(missing)\r\n'],
  ['that cannot be parsed', 'x = "ü😀" 5\n'],
  ['that is indented wrongly', 'if True:\n        x = 1\n    y = 2\n'],
  ['with a parenthesis that is never closed', '\n"ü"; x = (1,\n'],
  ['that is empty', ''],
  ['that is blank', '\n\n  \n'],
  ['without a last line end', 'import os'],
  [
    'some of which is not to be looked at',
    'import os  # noqa\nimport re  # noqa: E501\nimport io  # noqa: F401\n' +
      'import abc  # pylint: disable=unused-import\n# pylint: disable=missing-module-docstring\n' +
      '# TODO: ü 😀\nimport json  # pylint: disable=no-such-rule\n',
  ],
  ['none of which is to be looked at', '# flake8: noqa\n# pylint: skip-file\nimport os\n'],
  ['that never gets to the end of a line', `x = "${'ü'.repeat(120)}" + missing\n`],
];

/** What is in front of a place, and so how far tools have counted up to it. */
function before(text: string, { line, column }: Problem['range']['start']): string {
  return text.split(/\r?\n/u)[line]!.slice(0, column);
}

describeTool('flake8', () => {
  test.each(documents)(
    'finds in a document %s what its command finds, at the same places',
    (_, text) =>
      withTool('flake8', { 'a.py': text }, async (flake8, project) => {
        const printed = await printedByCommand(project, 'flake8', 'a.py');
        const found = await flake8.lint('a.py');
        expect(found.map(problem => asFlake8Prints(text, problem)).join('')).toBe(printed);
        for (const { rule, severity, range } of found) {
          expect(severity).toBe(/^E9|^F82/u.test(rule!) ? 'error' : 'warning');
          expect(range.end).toEqual(range.start);
        }
      }),
  );

  /** Of names it counts bytes, of style characters; to where Python itself counts it adds another. */
  function asFlake8Prints(text: string, { range: { start }, rule, message }: Problem): string {
    const head = before(text, start);
    const counted = rule!.startsWith('F') ? Buffer.byteLength(head) : [...head].length;
    const column = counted + (rule === 'E999' ? 2 : 1);
    return `a.py:${start.line + 1}:${column}: ${rule} ${message}\n`;
  }
});

describeTool('pylint', () => {
  test.each(documents)(
    'finds in a document %s what its command finds, at the same places',
    (_, text) =>
      withTool('pylint', { 'a.py': text }, async (pylint, project) => {
        const printed = await printedByCommand(project, 'pylint', '--output-format=json', 'a.py');
        const expected = (JSON.parse(printed) as PylintMessage[]).map(
          ({ type, symbol, message, line, column, endLine, endColumn }) => ({
            severity: severities[type],
            symbol,
            message,
            start: [line, column],
            end: endLine === null ? [line, column] : [endLine, endColumn],
          }),
        );
        const found = (await pylint.lint('a.py')).map(({ range, severity, message, rule }) => ({
          severity,
          symbol: rule,
          message,
          start: place(text, rule!, range.start),
          end: place(text, rule!, range.end),
        }));
        expect(found).toEqual(expected);
      }),
  );

  interface PylintMessage {
    readonly type: keyof typeof severities;
    readonly symbol: string;
    readonly message: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number | null;
    readonly endColumn: number | null;
  }

  const severities = {
    fatal: 'error',
    error: 'error',
    warning: 'warning',
    refactor: 'information',
    convention: 'information',
  } as const;

  /** What is read from tokens it counts in characters, the rest in bytes; Python counts from 1. */
  function place(text: string, symbol: string, at: Problem['range']['start']) {
    const head = before(text, at);
    const ofTokens = /fixme|trailing-whitespace|in-string|syntax-error/u.test(symbol);
    const counted = ofTokens ? [...head].length : Buffer.byteLength(head);
    return [at.line + 1, counted + (symbol === 'syntax-error' ? 1 : 0)];
  }
});
