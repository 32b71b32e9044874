import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { repository } from './paths.ts';

/**
 * A temporary folder and the programs that work in it. A keeper process ends both as soon as we
 * close the scratch or are gone ourselves, so not even a SIGKILL leaves anything behind.
 */
export interface Scratch extends AsyncDisposable {
  readonly folder: string;
  /** The child must have been started `detached`: its whole process group is ended. */
  endWithUs(child: ChildProcess): void;
  close(): Promise<void>;
}

/** The name is short on purpose: the path of a Unix socket may not pass 107 bytes. */
export function openScratch(within = os.tmpdir()): Scratch {
  fs.mkdirSync(within, { recursive: true });
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(within), 'greenroom-'));
  const keeper = spawn(
    process.execPath,
    [path.join(repository, 'test/host/scratchKeeper.ts'), folder],
    { detached: true, stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const ended = once(keeper, 'exit');
  keeper.unref();
  (keeper.stdin as net.Socket).unref();

  const close = async () => {
    keeper.ref();
    keeper.stdin.end();
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`nothing has taken ${folder} away: its keeper failed`);
  };
  return {
    folder,
    endWithUs: child => void (child.pid && keeper.stdin.write(`${child.pid}\n`)),
    close,
    [Symbol.asyncDispose]: close,
  };
}
