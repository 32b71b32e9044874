import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Has everything temporary of this program, and of what it starts, in a folder that is removed. */
export function ownTemporary(): Disposable {
  const before = process.env['TMPDIR'];
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-escape-')));
  process.env['TMPDIR'] = folder;
  return {
    [Symbol.dispose]: () => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
