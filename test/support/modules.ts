import path from 'node:path';
import {
  openGreenroom,
  type GreenroomOptions,
  type OpenSessionOptions,
} from '../../extension/api.ts';
import type * as workshop from '../fixtures/modules/workshop.mjs';
import { workerPath } from './sessions.ts';

const repository = path.resolve(import.meta.dirname, '../..');

export const workshopFile = path.join(repository, 'test/fixtures/modules/workshop.mjs');

export type Workshop = typeof workshop;

/** Sessions for the modules of the fixtures; every process is gone when it is disposed. */
export class Modules implements AsyncDisposable {
  private readonly greenroom;

  constructor(options: Partial<GreenroomOptions> = {}) {
    this.greenroom = openGreenroom({ workerPath, ...options });
  }

  open(options: Partial<OpenSessionOptions> = {}) {
    const confinement = { mode: 'off' } as const; // other tests are about that
    return this.greenroom.openSession({
      shareKey: 'test',
      cwd: repository,
      confinement,
      ...options,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.greenroom.close();
  }
}
