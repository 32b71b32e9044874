import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { repository } from '../paths.ts';
import { ownProcess } from './ownProcess.ts';

const program = path.join(repository, 'node_modules/@fsouza/prettierd/bin/prettierd');

/** The daemon, asked by its own small program, as editors do. It keeps its state in the project. */
export function openPrettierd(root: string, file: string, text: string) {
  const options = {
    cwd: root,
    env: { ...process.env, XDG_RUNTIME_DIR: path.join(root, '.prettierd') },
  };
  const stop = () => void spawnSync(process.execPath, [program, 'stop'], options);
  process.once('exit', stop);
  return {
    async step(): Promise<string> {
      const child = ownProcess(
        spawn(process.execPath, [program, file], {
          ...options,
          stdio: ['pipe', 'pipe', 'inherit'],
        }),
      );
      const exited = once(child, 'exit');
      child.stdin.end(text);
      const formatted = await textOf(child.stdout);
      await exited;
      return formatted;
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', stop);
      stop();
    },
  };
}
