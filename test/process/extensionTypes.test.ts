import { execFileSync } from 'node:child_process';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { Project } from '../support/project.ts';
import { repository } from '../support/sessions.ts';

/** What another extension might write. */
const consumer = `
import type { Callback, GreenroomApi, Remote, RemoteError } from './greenroom';

interface Tree { readonly size: number; child(index: number): Tree; each(visit: (tree: Tree) => void): void }
interface Parser { parse(text: string): Tree; watch(onWord: Callback<(word: string) => boolean>): void }

export async function use({ openSession, byRef, writable, RemoteError, BatchError }: GreenroomApi) {
  using session = await openSession({ shareKey: 'parser', cwd: '/parser', signal: AbortSignal.timeout(5) });
  const parser = session.load<Parser>(new URL('file:///parser.mjs'));
  parser.watch(word => word !== '');
  const tree: Remote<Tree> = await parser.parse('a').child(1);
  await tree.each(async met => { const size: number = await met.size; return size; });
  await tree.child.with({ deadlineMs: 5, result: 'value' })(1);
  writable(session.load<{ most: number }>('/limits.mjs')).most = 5;
  byRef({ size: 1 });
  // @ts-expect-error -- it has to be awaited
  const size: number = tree.size;
  try { await tree.child.batch([[1], [2]]); } catch (error) {
    if (error instanceof BatchError) return error.index;
    if (error instanceof RemoteError) return code(error);
  }
  return size;
}

const code = (error: RemoteError): string | number | undefined => error.remoteCode;
`;

test('the types for other extensions are one file, which compiles with the libraries it names', () => {
  using project = new Project({ 'consumer.ts': consumer });
  const types = project.path('greenroom.d.ts');
  execFileSync(process.execPath, ['extensionTypes.mjs', types], { cwd: repository });
  const program = ts.createProgram([project.path('consumer.ts')], {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    typeRoots: [path.join(repository, 'node_modules/@types')],
  });
  const told = ts.formatDiagnostics(
    [types, project.path('consumer.ts')].flatMap(file => [
      ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
      ...program.getSemanticDiagnostics(program.getSourceFile(file)),
    ]),
    {
      getCanonicalFileName: name => name,
      getCurrentDirectory: () => project.root,
      getNewLine: () => '\n',
    },
  );
  expect(told).toBe('');
  expect(project.read('greenroom.d.ts')).not.toMatch(/^import |from ['"]/mu);
});
