import { afterEach, beforeEach, expect } from 'vitest';
import { Modules } from './modules.ts';
import { Project } from './project.ts';

/** For every test of a file: sessions with shared memory in a folder where nothing may be left. */
export class ModulesInFolder {
  folder!: Project;
  modules!: Modules;

  constructor() {
    beforeEach(() => {
      this.folder = new Project();
      this.modules = new Modules({ segmentFolder: this.folder.root });
    });
    afterEach(async () => {
      await this.modules[Symbol.asyncDispose]();
      expect(this.folder.entries).toEqual([]);
      this.folder[Symbol.dispose]();
    });
  }

  get segments(): readonly string[] {
    return segmentsIn(this.folder);
  }
}

/** Those there are now: `h1` is the host's first of a session, `w1` the worker's. */
export function segmentsIn(folder: Project): readonly string[] {
  return folder.entries.flatMap(entry => /[hw]\d+$/u.exec(entry)?.[0] ?? []);
}
