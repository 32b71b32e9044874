import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { countedBeside } from '../../../../extension/confinement/countedBeside.ts';

test.each(['5.14.0-1-amd64', '6.1.0', '10.0'])(
  'Linux %s counts what is in the namespace',
  async release => {
    expect(await countedBeside(release)).toBe(0);
  },
);

test.skipIf(process.platform !== 'linux').each(['5.13.19-generic', '4.18.0'])(
  'Linux %s counts all threads of the user',
  async release => {
    const children = Array.from({ length: 40 }, () => spawn('/bin/sleep', ['60']));
    try {
      await Promise.all(children.map(child => once(child, 'spawn')));
      // Other tests start some and end them meanwhile.
      const own = fs.readdirSync('/proc/self/task').length;
      expect(await countedBeside(release)).toBeGreaterThanOrEqual(own + children.length);
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  },
);
