import { expect, test, vi } from 'vitest';
import {
  guardMarkdown,
  withoutPictures,
} from '../../../../../extension/languageServers/client/markdown.ts';
import * as fake from '../../../../support/fakeVSCode.ts';

vi.mock('vscode', () => import('../../../../support/fakeVSCode.ts'));

test.each([
  ['an inline picture', '![a](https://evil/?secret)', '[a](https://evil/?secret)'],
  ['one with a title', 'x ![a](<https://evil> "t") y', 'x [a](<https://evil> "t") y'],
  ['one by reference', '![a][b]', '[a][b]'],
  ['one by its name alone', '![a]\n\n[a]: https://evil', '[a]\n\n[a]: https://evil'],
])('%s becomes a link, which nobody fetches', (_what, text, guarded) => {
  expect(withoutPictures(text)).toBe(guarded);
});

test.each(['#![allow(dead_code)]', 'a link [a](https://x)', 'stop![1]', 'plain'])(
  'what is no picture stays: %s',
  text => {
    expect(withoutPictures(text)).toBe(text);
  },
);

test('only markdown is looked at: plain text is shown as it is', () => {
  const marked = new fake.MarkdownString('![a](https://evil)');
  expect(guardMarkdown(marked as never)).toEqual(new fake.MarkdownString('[a](https://evil)'));
  expect(guardMarkdown('![a](https://evil)')).toBe('![a](https://evil)');
});
