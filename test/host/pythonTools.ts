import fs from 'node:fs';
import { installFromDebian, canInstallFromDebian } from './debian.ts';
import { runCommand } from './runCommand.ts';

/** The interpreter for which Debian's packages are installed. */
export const systemPython = '/usr/bin/python3';

/** By what the tests need: the module that shows that it is there, and the package that brings it. */
const packages = {
  black: 'black',
  isort: 'isort',
  autopep8: 'python3-autopep8',
  mypy: 'mypy',
  pylint: 'pylint',
  flake8: 'python3-flake8',
  pylsp: 'python3-pylsp',
} as const;

export type PythonTool = keyof typeof packages;

/** Those that the system's interpreter has. */
export async function presentPythonTools(): Promise<ReadonlySet<PythonTool>> {
  if (!fs.existsSync(systemPython)) return new Set();
  const names = Object.keys(packages) as PythonTool[];
  const program =
    'import importlib.util, sys; print(*filter(importlib.util.find_spec, sys.argv[1:]))';
  const output = await runCommand(systemPython, ['-c', program, ...names], { timeoutMs: 30_000 });
  return new Set(output.trim().split(' ') as PythonTool[]);
}

/** Brings the Python tools here where that is possible; the tests skip those that are missing. */
export async function providePythonTools(report: (line: string) => void): Promise<void> {
  const present = await presentPythonTools();
  const missing = Object.entries(packages).filter(([name]) => !present.has(name as PythonTool));
  if (missing.length === 0) return;
  const names = missing.map(([, debian]) => debian);
  if (!canInstallFromDebian()) {
    return report(
      `tests of ${names.join(', ')} are skipped: they are not installed for ${systemPython}`,
    );
  }
  report(`installing ${names.join(', ')} from Debian, once`);
  await installFromDebian(...names);
}
