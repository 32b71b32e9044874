import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { presentPythonTools, systemPython } from '../../host/pythonTools.ts';
import { Project } from '../../support/project.ts';
import { PythonToolSession } from '../../support/python/pythonTools.ts';
import { TestPool } from '../../support/sessions.ts';
import { median } from '../statistics.ts';

type Rows = Readonly<Record<string, number>>;

const run = promisify(execFile);

/** Python tools in warm sessions beside their command lines, interleaved. Milliseconds, medians. */
export async function pythonTools(rounds: number): Promise<Rows> {
  const present = await presentPythonTools();
  return {
    ...(present.has('black') && (await black(rounds))),
    ...(present.has('mypy') && (await mypy(rounds))),
  };
}

async function black(rounds: number): Promise<Rows> {
  await using host = new TestPool();
  using project = new Project();
  const session = new PythonToolSession(host, project, 'black');
  const text = pythonSample(500);
  await session.format(text);
  const times: Record<'session' | 'command', number[]> = { session: [], command: [] };
  for (let round = 0; round < rounds; round++) {
    let formatted = '';
    times.session.push(await timed(async () => void (formatted = await session.format(text))));
    const file = project.write('b.py', text);
    times.command.push(await timed(() => run(systemPython, ['-m', 'black', '-q', file])));
    if (project.read('b.py') !== formatted) throw new Error('black did not do the same');
  }
  return {
    'black, 500 lines, warm session': median(times.session),
    'black, 500 lines, command line': median(times.command),
  };
}

/** Each time after a change of the file, as somebody makes who saves it. */
async function mypy(rounds: number): Promise<Rows> {
  await using host = new TestPool();
  using project = new Project();
  const session = new PythonToolSession(host, project, 'mypy');
  const change = (n: number) => project.write('a.py', `${pythonSample(500)}\nlast: int = ${n}\n`);
  const daemon = (...args: string[]) =>
    run(systemPython, ['-m', 'mypy.dmypy', ...args], { cwd: project.root });
  const file = change(-1);
  await session.lint('a.py');
  await daemon('run', '--', '--cache-dir=/dev/null', file);
  const times: Record<'session' | 'daemon' | 'command', number[]> = {
    session: [],
    daemon: [],
    command: [],
  };
  try {
    for (let round = 0; round < rounds; round++) {
      change(2 * round);
      times.session.push(await timed(() => session.lint('a.py')));
      change(2 * round + 1);
      times.daemon.push(await timed(() => daemon('check', file)));
      times.command.push(
        await timed(() => run(systemPython, ['-m', 'mypy', '--cache-dir=/dev/null', file])),
      );
    }
  } finally {
    await daemon('kill');
  }
  return {
    'mypy, 500 lines changed, warm session': median(times.session),
    'mypy, 500 lines changed, dmypy check': median(times.daemon),
    'mypy, 500 lines, command line': median(times.command),
  };
}

/** About so many lines of Python that passes a type checker and is not in form. */
function pythonSample(lines: number): string {
  const block = (n: number) => `
class Shape${n}( object ):
    def __init__( self, name:str, sides : int = ${n} ) -> None:
        self.name = name; self.sides=sides
    def scaled(self, factor:float=1.5)->"dict[str,float]":
        return { 'name' : len( self.name ) * factor, "sides":self.sides*factor }

def total_${n}( shapes : "list[Shape${n}]" )->int:
    return sum( [shape.sides for shape in shapes if len(shape.name)>3] )
`;
  const blocks = Array.from({ length: Math.ceil(lines / 10) }, (_, n) => block(n));
  return blocks.join('').split('\n').slice(0, lines).join('\n');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
