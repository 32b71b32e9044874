import { expect, test } from 'vitest';
import { parseOpenedTool, type ToolSpec } from '../../../server/shared/protocol/worker.ts';
import {
  describePython,
  PythonProcess,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { failureOf, type Remote, type RemoteMethod } from '../../support/remote.ts';

const program = supportProgram('servesATool.py');

const spec: ToolSpec = {
  name: 'shouting',
  directory: '/tools/shouting',
  origin: 'project',
  root: '/project',
  ignoreRoots: ['/project'],
  trusted: true,
};

const opened = {
  info: { name: 'shouting', version: '1.0.0', origin: 'project' },
  languageIds: ['loud'],
};

interface Opening {
  readonly opened: object;
  readonly tool: Remote<{ format(text: string): string }>;
}

describePython('a tool of the Python worker', () => {
  test.each([{}, { objects: 'reference' }, { objects: 'value' }] as const)(
    'is opened, told of and called, whatever the policies are: %o',
    async welcome => {
      await using session = new PythonSession({ program, welcome });
      const opening = (await session.root.openTool(spec)) as unknown as Opening;
      expect(parseOpenedTool(opening.opened)).toEqual(opened);
      expect(await opening.tool.format('text')).toBe('TEXT in /project');
      expect((await session.live()).worker).toMatchObject({ objects: 1, served: 0 });
      const { open, format } = opening.tool as unknown as Record<string, RemoteMethod<unknown>>;
      expect(await failureOf(open!())).toMatchObject({ code: 'call.unknownMethod' });
      const got = format as unknown as PromiseLike<unknown>;
      expect(await failureOf(got)).toMatchObject({ code: 'call.unknownMethod' });
    },
  );

  test('is called by a line as well', async () => {
    using worker = new PythonProcess(program, ['--lines']);
    const told: Partial<ToolSpec> = { ...spec };
    delete (told as { name?: string }).name;
    const lines = [
      { id: 1, method: 'shouting.format', params: { spec: told, args: ['text'] } },
      { id: 2, method: 'shouting.whisper', params: { spec: told } },
      { id: 3, method: 'shouting.format', params: { spec: { ...told, root: 5 } } },
      { id: 4, method: 'live' },
    ];
    worker.stdin.end(lines.map(line => JSON.stringify({ jsonrpc: '2.0', ...line })).join('\n'));
    await worker.exited;
    const answers = worker.output.stdout.trim().split('\n');
    expect(answers.map(line => JSON.parse(line) as unknown)).toMatchObject([
      { id: 1, result: 'TEXT in /project' },
      { id: 2, error: { code: -32601 } },
      { id: 3, error: { code: -32602, message: "a tool's root is a str" } },
      { id: 4, result: { modules: [], tools: 1 } },
    ]);
  });
});
