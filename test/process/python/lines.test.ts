import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../../server/shared/protocol/version.ts';
import { workshopFile } from '../../support/python/modules.ts';
import { describePython, PythonProcess, pythonMain } from '../../support/python/pythonSession.ts';
import { Project } from '../../support/project.ts';

/** What the worker answers to some lines, and what it prints beside. */
async function answers(...lines: readonly (string | object)[]) {
  using worker = new PythonProcess(pythonMain, ['--lines']);
  const input = lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line)));
  worker.stdin.end(`${input.join('\n')}\n`);
  const { code } = await worker.exited;
  const { stdout, stderr } = worker.output;
  const told = stdout.split('\n').filter(line => line !== '');
  return { code, stderr, told: told.map(line => JSON.parse(line) as unknown) };
}

const request = (id: unknown, method: string, params?: unknown) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params !== undefined && { params }),
});

const call = (id: unknown, name: string, ...args: unknown[]) =>
  request(id, 'call', { module: workshopFile, function: name, args });

const result = (id: unknown, value: unknown) => ({ jsonrpc: '2.0', id, result: value });

const error = (id: unknown, code: number) => ({
  jsonrpc: '2.0',
  id,
  error: expect.objectContaining({ code, message: expect.any(String) as string }) as object,
});

describePython('the line mode', () => {
  test('answers every line in order, with the module as it was left', async () => {
    const { told, code } = await answers(
      call(1, 'note', 'a'),
      call('two', 'note', 'b'),
      call(3, 'notes'),
      call(4, 'later', { deep: ['ä\ud83d'] }),
      call(5, 'limits.list.__len__'),
      request(6, 'version'),
    );
    expect(code).toBe(0);
    expect(told).toEqual([
      result(1, 1),
      result('two', 2),
      result(3, ['a', 'b']),
      result(4, { deep: ['ä\ud83d'] }),
      error(5, -32603),
      result(6, {
        protocol: PROTOCOL_VERSION,
        runtime: 'python',
        runtimeVersion: expect.stringMatching(/^3\./u) as string,
      }),
    ]);
  });

  test('tells what a module has, and what is loaded', async () => {
    using project = new Project({
      'small.py': 'value = 1\n_private = 2\nclass Tool:\n    name = 5\n',
    });
    const module = project.path('small.py');
    const { told } = await answers(
      request(1, 'load', { module }),
      request(2, 'load', { module, export: 'Tool' }),
      request(3, 'live'),
      request(4, 'load', { module: '/nowhere/at/all.py' }),
    );
    expect(told).toEqual([
      result(1, { members: ['Tool', 'value'] }),
      result(2, { members: ['name'] }),
      result(3, { modules: [module], tools: 0 }),
      error(4, -32603),
    ]);
  });

  test('tells bytes, moments, sets and objects as JSON can', async () => {
    const { told } = await answers(
      call(1, 'filled', 3, 65),
      call(2, 'point'),
      call(3, 'nothing'),
      call(4, 'whole_float'),
    );
    expect(told).toEqual([
      result(1, 'QUFB'),
      result(2, { x: 1, y: 2 }),
      result(3, null),
      result(4, 5),
    ]);
  });

  test('sends what tools print to standard error', async () => {
    const { told, stderr } = await answers(call(1, 'print_lines'));
    expect(told).toEqual([result(1, null)]);
    expect(stderr).toContain('to standard output\n');
    expect(stderr).toContain('past every stream\n');
  });

  test.each<[string, string | object, object]>([
    ['no JSON', '{"jsonrpc"', error(null, -32700)],
    ['a number that JSON does not know', '[NaN]', error(null, -32700)],
    ['nesting without end', '['.repeat(100_000), error(null, -32700)],
    ['no request', '5', error(null, -32600)],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'live' }, error(1, -32600)],
    ['a method that is no text', { jsonrpc: '2.0', id: 1, method: 5 }, error(1, -32600)],
    [
      'parameters that are none',
      { jsonrpc: '2.0', id: 1, method: 'live', params: 5 },
      error(1, -32600),
    ],
    ['an id that is none', { jsonrpc: '2.0', id: {}, method: 'live' }, error(null, -32600)],
    [
      'an id that JSON cannot write',
      '{"jsonrpc":"2.0","id":1e999,"method":"live"}',
      error(null, -32600),
    ],
    ['an empty batch', '[]', error(null, -32600)],
    ['no such method', request(1, 'missing'), error(1, -32601)],
    ['no such tool', request(1, 'whisper.format', {}), error(1, -32601)],
    ['a parameter that is missing', request(1, 'call', { module: workshopFile }), error(1, -32602)],
    ['a parameter of another type', request(1, 'load', { module: 5 }), error(1, -32602)],
    ['a parameter that there is not', request(1, 'live', { deep: true }), error(1, -32602)],
    ['parameters without names', request(1, 'load', [workshopFile]), error(1, -32602)],
    ['a tool that fails', call(1, 'fail', 'no'), error(1, -32603)],
    [
      'a number with too many digits',
      request(1, 'call', { module: 'math', function: 'factorial', args: [2000] }),
      error(1, -32603),
    ],
    [
      'a line that is too long, whatever its rest is',
      `${' '.repeat(64 * 1024 * 1024 + 1)}${JSON.stringify(request(1, 'live'))}`,
      error(null, -32600),
    ],
    [
      'a result that is no JSON',
      request(1, 'call', { module: 'threading', function: 'Lock' }),
      error(1, -32603),
    ],
  ])('answers %s with its code, and goes on', async (_what, line, answer) => {
    const { told } = await answers(line, call('next', 'echo', 'still here'));
    expect(told).toEqual([answer, result('next', 'still here')]);
  });

  test('tells the class, the text and the traceback of what a tool raises', async () => {
    const { told } = await answers(call(1, 'fail', 'no more wood'));
    expect(told).toMatchObject([
      {
        error: {
          message: 'no more wood',
          data: { name: 'ValueError', stack: expect.stringContaining('in fail') as string },
        },
      },
    ]);
  });

  test('answers batches as one line, and notifications not at all', async () => {
    const silent = call(undefined, 'note', 'quiet'); // JSON knows no undefined: it has no id
    const { told } = await answers(
      [call(1, 'echo', 'a'), silent, 5, request(2, 'missing')],
      [silent],
      silent,
      '',
      call(3, 'notes'),
    );
    expect(told).toEqual([
      [result(1, 'a'), error(null, -32600), error(2, -32601)],
      result(3, ['quiet', 'quiet', 'quiet']),
    ]);
  });

  test('says which methods there are', async () => {
    const { told } = await answers(request(1, 'help'));
    const message = expect.stringMatching(/load, call, live.*black\.<method>/u) as string;
    expect(told).toMatchObject([{ error: { message } }]);
  });

  test('ends when nobody reads its answers', async () => {
    const worker = spawn('python3', [pythonMain, '--lines']);
    worker.stdout.destroy();
    const printed = text(worker.stderr);
    worker.stdin.end(`${JSON.stringify(request(1, 'live'))}\n`);
    expect(await once(worker, 'exit')).toEqual([1, null]);
    expect(await printed).toBe('');
  });

  test('gives tools none of its lines to read', async () => {
    using worker = new PythonProcess(pythonMain, ['--lines']);
    const read = request(1, 'call', { module: 'builtins', function: 'input' });
    worker.stdin.write(`${JSON.stringify(read)}\n${JSON.stringify(call(2, 'echo', 'mine'))}\n`);
    await worker.prints('stdout', /"mine"/u);
    expect(worker.output.stdout).toMatch(/^\{"jsonrpc":"2.0","id":1,"error":.*EOF/u);
    worker.stdin.end();
    await once(worker.stdin, 'close');
  });
});
