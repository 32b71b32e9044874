import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ServerProgram } from '../../../extension/sessions/launchSpec.ts';
import { commandsHere, ServerClient, type ServerOptions } from '../../support/languageServers.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { repository, TestPool } from '../../support/sessions.ts';

const packages = path.join(repository, 'node_modules');

function fromNode(name: string, entry: string, ...args: string[]): ServerProgram {
  return { name, origin: 'project', runtime: 'node', args: [path.join(packages, entry), ...args] };
}

interface Sample {
  readonly server: ServerProgram;
  readonly files: Readonly<Record<string, string>>;
  /** The one that is opened. */
  readonly file: string;
  readonly languageId: string;
  readonly method: string;
  readonly position: { readonly line: number; readonly character: number };
  /** A word that only a server knows that has understood the file. */
  readonly answer: string;
  readonly initializationOptions?: unknown;
  readonly options?: ServerOptions;
  /** To be told when it is initialized. */
  readonly notification?: readonly [method: string, params: unknown];
}

const schema = { properties: { colour: { description: 'the colour of the sky' } } };
const hover = 'textDocument/hover';

const samples: readonly Sample[] = [
  {
    server: fromNode('typescript', 'typescript-language-server/lib/cli.mjs', '--stdio'),
    files: { 'a.ts': '/** the sky */\nconst sky = 1;\nsky;\n' },
    file: 'a.ts',
    languageId: 'typescript',
    method: hover,
    position: { line: 2, character: 1 },
    answer: 'const sky: 1',
    initializationOptions: { tsserver: { path: path.join(packages, 'typescript/lib') } },
    options: { needsChildren: true, needsScratch: true },
  },
  {
    server: fromNode('yaml', 'yaml-language-server/bin/yaml-language-server', '--stdio'),
    files: {
      'a.yaml': '# yaml-language-server: $schema=schema.json\ncolour: blue\n',
      'schema.json': JSON.stringify(schema),
    },
    file: 'a.yaml',
    languageId: 'yaml',
    method: hover,
    position: { line: 1, character: 2 },
    answer: 'the colour of the sky',
  },
  {
    server: fromNode(
      'json',
      'vscode-langservers-extracted/bin/vscode-json-language-server',
      '--stdio',
    ),
    files: { 'a.json': '{ "colour": "blue" }\n' },
    file: 'a.json',
    languageId: 'json',
    method: hover,
    position: { line: 0, character: 4 },
    answer: 'the colour of the sky',
    notification: [
      'workspace/didChangeConfiguration',
      { settings: { json: { schemas: [{ fileMatch: ['*.json'], url: 'own://schema', schema }] } } },
    ],
  },
  {
    server: fromNode('bash', 'bash-language-server/out/cli.js', 'start'),
    files: { 'a.sh': 'greet() { echo hello; }\ngre\n' },
    file: 'a.sh',
    languageId: 'shellscript',
    method: 'textDocument/completion',
    position: { line: 1, character: 3 },
    answer: '"label":"greet"',
  },
];

const python = '/usr/bin/python3';
const hasPylsp = spawnSync(python, ['-c', 'import pylsp']).status === 0;

const pylsp: Sample = {
  server: {
    name: 'pylsp',
    origin: 'machine',
    runtime: 'python',
    program: python,
    args: ['-m', 'pylsp'],
  },
  files: { 'a.py': 'def greet():\n    """what it greets with"""\n\n\ngreet()\n' },
  file: 'a.py',
  languageId: 'python',
  method: hover,
  position: { line: 4, character: 2 },
  answer: 'what it greets with',
  options: { needsChildren: true, needsScratch: true }, // Jedi asks the interpreter what it has
};

describeMechanisms('a server that people use, confined', mechanism => {
  const tests = [...samples, pylsp].map(sample => [sample.server.name, sample] as const);

  test.for(tests)('answers, and ends as it should: %s', async ([name, sample], { skip }) => {
    skip(name === 'pylsp' && !hasPylsp, 'pylsp is not installed');
    const { server, files, file, languageId, method, position, options } = sample;
    using project = new Project(files);
    await using host = new TestPool({ endStepMs: 10_000 });
    const place = { mechanism, cwd: project.root, ...options };
    using client = await ServerClient.open(host, server, place);
    await client.initialize(project.root, sample.initializationOptions);
    if (sample.notification) await client.notify(...sample.notification);
    const uri = `file://${project.path(file)}`;
    const textDocument = { uri, languageId, version: 1, text: project.read(file) };
    await client.notify('textDocument/didOpen', { textDocument });
    // It may not have looked at the document yet.
    const ask = async () =>
      JSON.stringify(await client.request(method, { textDocument: { uri }, position }));
    await expect.poll(ask, { timeout: 10_000 }).toContain(sample.answer);
    await host.pool.close(client.session.id);
    const calls = host.events.flatMap(event => (event.kind === 'called' ? [event.call] : []));
    expect(calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(calls.slice(-2).map(call => call.method)).toEqual(['shutdown', 'exit']);
    expect(calls).toContainEqual(expect.objectContaining({ method, subject: file }));
    const [closed] = host.events.slice(-1);
    expect(closed).toMatchObject({ kind: 'closed', reason: { kind: 'requested' } });
    expect(commandsHere()).toEqual([]);
  });
});
