import { expect, test } from 'vitest';
import type { ConfinementPlan } from '../../../../extension/confinement/confinementPlan.ts';
import { seatbeltCommand } from '../../../../extension/confinement/seatbelt.ts';

const workspace = '/Users/zoë/a "quoted" (folder)';
const plan: ConfinementPlan = {
  workspace,
  readable: [workspace, '/opt/node/bin'],
  links: [],
  writable: ['/private/var/folders/x y/scratch'],
  scratch: '/private/var/folders/x y/scratch',
  needsChildren: false,
  needsScratch: true,
  limits: { dataBytes: 1, fileBytes: 1, processes: 1, niceness: 5 },
};
const command = { program: '/opt/node/bin/node', args: ['worker.cjs', '-p'] };

function build(changes: Partial<ConfinementPlan> = {}) {
  const { program, args } = seatbeltCommand(command, { ...plan, ...changes });
  const definitions = new Map(
    args
      .filter(arg => arg.startsWith('-D'))
      .map(arg => arg.slice(2).split('=') as [string, string]),
  );
  /** The profile with values for parameters, as the system reads it. */
  const profile = args[1]!;
  const read = profile.replaceAll(/\(param "(\w+)"\)/gu, (_, name: string) =>
    definitions.get(name)!,
  );
  return { program, args, profile, read };
}

test('the command runs at the end of the arguments of sandbox-exec', () => {
  const { program, args } = build();
  expect(program).toBe('/usr/bin/sandbox-exec');
  expect(args[0]).toBe('-p');
  expect(args.slice(-3)).toEqual([command.program, ...command.args]);
});

test('no path is part of the profile, whatever characters it has', () => {
  const { profile, args } = build();
  for (const part of ['zoë', 'quoted', 'scratch', '/opt/node']) expect(profile).not.toContain(part);
  expect(args).toContain(`-DPATH_0=${workspace}`);
  expect(profile).toMatch(/^\(version 1\)\n\(deny default\)/u);
});

test('parentheses and quotation marks of the profile are balanced', () => {
  for (const needsChildren of [false, true]) {
    const { profile } = build({ needsChildren });
    expect(profile.split('(').length).toBe(profile.split(')').length);
    expect(profile.split('"').length % 2).toBe(1);
  }
});

test('every parameter is defined, once', () => {
  const { profile, args } = build({ needsChildren: true, writable: ['/private/tmp/shared'] });
  const used = new Set([...profile.matchAll(/\(param "(\w+)"\)/gu)].map(([, name]) => name));
  const defined = args.filter(arg => arg.startsWith('-D')).map(arg => arg.slice(2).split('=')[0]);
  expect(defined.sort()).toEqual([...used].sort());
});

test('only scratch and shared memory are written', () => {
  const { read } = build({ writable: [...plan.writable, '/private/tmp/shared'] });
  const written = read.split('\n').filter(line => line.startsWith('(allow file-write*'));
  expect(written).toEqual([
    '(allow file-write* (subpath /private/var/folders/x y/scratch) (subpath /private/tmp/shared))',
  ]);
});

test('a tool without children makes no process, and becomes only what it is shown', () => {
  const alone = build().read;
  const places = alone.split('\n').filter(line => line.startsWith('(allow process-exec'));
  expect(places).toEqual([expect.stringContaining('(subpath /opt/node/bin)')]);
  expect(alone).not.toContain('process-fork');
  expect(build({ needsChildren: true }).read).toContain('(allow process-fork)');
});

test('there is no rule for the network', () => {
  expect(build({ needsChildren: true }).profile).not.toContain('network');
});

test('folders above what is shown can be asked for, and not listed', () => {
  const line = build()
    .read.split('\n')
    .find(text => text.startsWith('(allow file-read-metadata (lit'));
  expect(line).toContain('(literal /Users/zoë)');
  expect(line).toContain('(literal /opt)');
});
