import { describe, expect, test } from 'vitest';
import { ModulesInFolder } from '../support/modulesInFolder.ts';
import { Project } from '../support/project.ts';

/** Puts a folder where each of the host's segments was. */
const spoils = `
  import fs from 'node:fs';
  export function spoil() {
    const links = fs.readdirSync('/proc/self/fd').map(name => {
      try { return fs.readlinkSync('/proc/self/fd/' + name); } catch { return ''; }
    });
    const segments = links.filter(link => /\\/h\\d+$/.test(link));
    for (const file of segments) { fs.unlinkSync(file); fs.mkdirSync(file + '/deeper', { recursive: true }); }
    return segments.length;
  }
  export const take = bytes => bytes.length;
  export const die = () => process.kill(process.pid, 'SIGKILL');
`;

interface Spoiler {
  take(bytes: Uint8Array): number;
  spoil(): number;
  die(): void;
}

const here = new ModulesInFolder();

describe.skipIf(process.platform !== 'linux')(
  'a worker that has spoiled the segments of its host',
  () => {
    test.each(['is closed', 'dies'])('%s as any other, and the next one is opened', async end => {
      using project = new Project({ 'spoils.mjs': spoils });
      const file = project.path('spoils.mjs');
      const session = await here.modules.open();
      const module = session.load<Spoiler>(file);
      expect(await module.take(new Uint8Array(1024 * 1024))).toBe(1024 * 1024);
      expect(await module.spoil()).toBe(1);
      if (end === 'dies') await expect(Promise.resolve(module.die())).rejects.toThrow();
      else await session.close();
      using next = await here.modules.open();
      expect(await next.load<Spoiler>(file).take(new Uint8Array(1))).toBe(1);
      expect(here.folder.entries.filter(entry => entry.includes('h1'))).toEqual([]);
    });
  },
);
