import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { presentPythonTools, systemPython } from '../../host/pythonTools.ts';
import { ConfinedTool } from '../../support/confinedTool.ts';
import { describeMechanisms } from '../../support/mechanisms.ts';
import { Project } from '../../support/project.ts';
import { TestPool } from '../../support/sessions.ts';
import { setVariable } from '../../support/variables.ts';

const hasBlack = (await presentPythonTools()).has('black');

/** An environment that sees what the system's Python has installed. */
function makeEnvironment(folder: string, base = systemPython): string {
  fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });
  const settings = `home = ${path.dirname(base)}\ninclude-system-site-packages = true\n`;
  fs.writeFileSync(path.join(folder, 'pyvenv.cfg'), settings);
  const program = path.join(folder, 'bin/python');
  fs.symlinkSync(base, program);
  return program;
}

type Make = (disk: Project) => string;

const environments: Readonly<Record<string, Make>> = {
  'in the project': disk => makeEnvironment(disk.path('project/.venv')),
  'outside of the project': disk => makeEnvironment(disk.path('my envs/größe')),
  'that is a link to one outside': disk => {
    const program = makeEnvironment(disk.path('envs/app'));
    fs.symlinkSync('../envs/app', disk.path('project/.venv'));
    return disk.path('project/.venv', path.relative(disk.path('envs/app'), program));
  },
  'made of a link to another Python': disk => {
    fs.mkdirSync(disk.path('shims/bin'), { recursive: true });
    fs.symlinkSync(systemPython, disk.path('shims/bin/python3'));
    return makeEnvironment(disk.path('project/.venv'), disk.path('shims/bin/python3'));
  },
  'as Python makes it': disk => {
    const folder = disk.path('project/.venv');
    const flags = ['--without-pip', '--system-site-packages'];
    const { status, stderr } = spawnSync(systemPython, ['-m', 'venv', ...flags, folder]);
    if (status !== 0) throw new Error(String(stderr));
    return path.join(folder, 'bin/python');
  },
};

describe.skipIf(!hasBlack)(hasBlack ? 'black' : `black (not installed for ${systemPython})`, () => {
  describeMechanisms('confined', mechanism => {
    test.each(Object.keys(environments))('formats by an environment %s', async name => {
      await using host = new TestPool();
      using disk = new Project({ 'project/a.py': 'a  =  1' });
      const interpreter = environments[name]!(disk);
      const black = new ConfinedTool(host, disk.path('project'), { mechanism, interpreter });
      expect(await black.format('a.py')).toBe('a = 1\n');
    });

    test('formats by a Python that is found on the path', async () => {
      await using host = new TestPool();
      using disk = new Project({ 'project/a.py': 'a  =  1' });
      const interpreter = path.basename(systemPython);
      const searchPath = [disk.path('empty'), path.dirname(systemPython)].join(path.delimiter);
      setVariable('PATH', searchPath);
      const black = new ConfinedTool(host, disk.path('project'), { mechanism, interpreter });
      expect(await black.format('a.py')).toBe('a = 1\n');
    });

    test('formats by the environment that a shim of pyenv stands for', async () => {
      await using host = new TestPool();
      using disk = new Project({ 'project/a.py': 'a  =  1', 'project/.python-version': 'app\n' });
      makeEnvironment(disk.path('pyenv/versions/app'));
      const interpreter = disk.write('pyenv/shims/python', '#!/bin/sh\n/bin/false; exit 1\n');
      fs.chmodSync(interpreter, 0o755);
      const black = new ConfinedTool(host, disk.path('project'), { mechanism, interpreter });
      expect(await black.format('a.py')).toBe('a = 1\n');
    });
  });
});
