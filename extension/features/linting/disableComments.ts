/** The lines of a document, as editors number them. */
export interface DocumentLines {
  readonly languageId: string;
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** Text to put into a document. Lines and columns count from 0. */
export interface Insertion {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

type Comment = (words: string) => string;

const slashes: Comment = words => `// ${words}`;
const block: Comment = words => `/* ${words} */`;
const jsx: Comment = words => `{/* ${words} */}`;
const markup: Comment = words => `<!-- ${words} -->`;
const hash: Comment = words => `# ${words}`;

/** A comment that switches a rule off for one line; undefined where the language has none. */
export function disableForLine(
  document: DocumentLines,
  line: number,
  rule: string,
  lineEnd: string,
): Insertion | undefined {
  const column = line > 0 ? endOfRules(document.lineAt(line - 1).text) : undefined;
  if (column !== undefined) return { line: line - 1, column, text: `, ${rule}` };
  const comment = commentAt(document, line);
  if (!comment) return undefined;
  const [indent] = /^\s*/u.exec(document.lineAt(line).text)!;
  const words = comment(`eslint-disable-next-line ${rule}`);
  return { line, column: 0, text: `${indent}${words}${lineEnd}` };
}

/** A comment that switches a rule off in the whole document, or in the section that holds the line. */
export function disableForFile(
  document: DocumentLines,
  line: number,
  rule: string,
  lineEnd: string,
): Insertion | undefined {
  const comment = commentAt(document, line);
  if (!comment) return undefined;
  // A directive for more than one line must be a block comment.
  const isCode = comment === slashes || (comment === jsx && document.languageId !== 'mdx');
  const words = (isCode ? block : comment)(`eslint-disable ${rule}`);
  const section = scriptBefore(document, line) ?? fenceBefore(document, line)?.line;
  const isHashBang = document.lineAt(0).text.startsWith('#!');
  const target = section !== undefined ? section + 1 : isHashBang ? 1 : 0;
  return { line: target, column: 0, text: `${words}${lineEnd}` };
}

/** Where the rules end that a comment for the next line names already. */
function endOfRules(text: string): number | undefined {
  const found = /eslint-disable-next-line\s+[\w@/.-]*\w(?:\s*,\s*[\w@/.-]*\w)*/u.exec(text);
  return found ? found.index + found[0].length : undefined;
}

function commentAt(document: DocumentLines, line: number): Comment | undefined {
  switch (document.languageId) {
    case 'json':
      return undefined;
    case 'css':
    case 'scss':
    case 'less':
      return block;
    case 'yaml':
    case 'graphql':
      return hash;
    case 'markdown':
    case 'mdx': {
      const fence = fenceBefore(document, line);
      if (fence) return inFences.get(fence.language);
      return document.languageId === 'mdx' ? jsx : markup;
    }
    case 'astro':
    case 'html':
    case 'svelte':
    case 'vue':
      return scriptBefore(document, line) === undefined ? markup : slashes;
    case 'javascript':
    case 'javascriptreact':
    case 'typescriptreact':
      return isBetweenElements(document, line) ? jsx : slashes;
    default:
      return slashes;
  }
}

/** The line that opens the script which holds this line; undefined outside of scripts. */
function scriptBefore(document: DocumentLines, line: number): number | undefined {
  if (!hasSections.has(document.languageId)) return undefined;
  for (let above = line - 1; above >= 0; above--) {
    const { text } = document.lineAt(above);
    if (/^\s*<script\b/iu.test(text)) return above;
    if (/^\s*<\/script\b/iu.test(text)) return undefined;
    // The front matter of Astro is a script; its end looks as its beginning does.
    if (document.languageId === 'astro' && /^---\s*$/u.test(text)) {
      return above === 0 ? above : undefined;
    }
  }
  return undefined;
}

const hasSections = new Set(['astro', 'html', 'svelte', 'vue']);

const scripts = ['js', 'cjs', 'mjs', 'jsx', 'javascript', 'ts', 'cts', 'mts', 'tsx', 'typescript'];

/** By what the fence says it holds. */
const inFences = new Map<string, Comment>([
  ...scripts.map((language): [string, Comment] => [language, slashes]),
  ['css', block],
  ['yaml', hash],
  ['yml', hash],
]);

/** The line that opens the fenced code which holds this line; undefined outside of it. */
function fenceBefore(
  document: DocumentLines,
  line: number,
): { readonly line: number; readonly language: string } | undefined {
  if (!/^(markdown|mdx)$/u.test(document.languageId)) return undefined;
  let open: { line: number; language: string; marks: string } | undefined;
  for (let above = 0; above < line; above++) {
    const found = /^\s*(`{3,}|~{3,})\s*([\w-]*)/u.exec(document.lineAt(above).text);
    if (!found) continue;
    const [, marks = '', language = ''] = found;
    if (!open) open = { line: above, language, marks };
    else if (language === '' && marks.startsWith(open.marks)) open = undefined;
  }
  return open;
}

/** Whether a line stands among the children of an element, where `//` would be text on the page. */
function isBetweenElements(document: DocumentLines, line: number): boolean {
  let above = line - 1;
  while (above >= 0 && document.lineAt(above).text.trim() === '') above--;
  if (above < 0) return false;
  const before = document.lineAt(above).text.trim();
  if (/(^|[\s({>&|?:,])<\/?(?:[\w$.:-]+|(?=>))(?:\s[^]*)?\/?>$/u.test(before)) return true;
  if (/^\/?>$|\/>$|<\/[\w$.:-]*>$/u.test(before)) return true;
  return /^\{.*\}$|\)\}$/u.test(before) && /^[<{]/u.test(document.lineAt(line).text.trim());
}
