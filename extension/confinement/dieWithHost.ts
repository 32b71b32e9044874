import fs from 'node:fs';
import process from 'node:process';

const setpriv = '/usr/bin/setpriv';

/** A program and its arguments. */
export interface CommandLine {
  readonly executable: string;
  readonly args: readonly string[];
}

/**
 * Lets the kernel end the process when the host ends, however that happens and whatever the process
 * is doing. Linux does so for `setpriv` (util-linux 2.33 and later); elsewhere the process notices
 * by its channel, which it cannot while it computes without pause.
 */
export function dieWithHost(command: CommandLine): CommandLine {
  if (!isAvailable()) return command;
  return {
    executable: setpriv,
    args: ['--pdeathsig', 'KILL', '--', command.executable, ...command.args],
  };
}

let isAvailableHere: boolean | undefined;

/** Found out once. */
function isAvailable(): boolean {
  isAvailableHere ??= process.platform === 'linux' && fs.existsSync(setpriv);
  return isAvailableHere;
}
