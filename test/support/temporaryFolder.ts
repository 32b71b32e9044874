import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** An empty folder that is gone, with all that came into it, when it is disposed. */
export class TemporaryFolder implements Disposable {
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-test-'));

  join(...names: readonly string[]): string {
    return path.join(this.path, ...names);
  }

  /** Every file and folder below, by its path from here. */
  get entries(): string[] {
    return fs.readdirSync(this.path, { recursive: true, encoding: 'utf8' }).sort();
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.path, { recursive: true, force: true });
  }
}
