import path from 'node:path';
import type { EntryMembers } from './entryMembers.ts';
import type { ReadyMadeServer } from './readyMade.ts';

/** How a server is run. */
export type ServerRun =
  | { readonly kind: 'readyMade'; readonly server: ReadyMadeServer }
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'module'; readonly module: string }
  | { readonly kind: 'pythonModule'; readonly module: string };

/** Stands for the folder that a server works for, in commands, modules and arguments. */
export const folderVariable = '${workspaceFolder}';

/** The one way to run it that an entry names, or its ready-made one. Undefined after a report. */
export function chooseRun(
  { name, command, module, pythonModule }: EntryMembers,
  readyMade: ReadyMadeServer | undefined,
  report: (message: string) => void,
): ServerRun | undefined {
  const given = Object.entries({ command, module, pythonModule }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length > 1) {
    const ways = given.map(([way]) => `"${way}"`).join(' and ');
    report(`It has ${ways}, and only one can be run: leave the others out.`);
    return undefined;
  }
  const objection =
    objectionToCommand(command) ?? objectionToModule(module) ?? objectionToPython(pythonModule);
  if (objection !== undefined) {
    report(objection);
    return undefined;
  }
  if (command !== undefined) return { kind: 'command', command };
  if (module !== undefined) return { kind: 'module', module };
  if (pythonModule !== undefined) return { kind: 'pythonModule', module: pythonModule };
  if (readyMade) return { kind: 'readyMade', server: readyMade };
  report(
    `"${name}" is none of the servers that Greenroom knows: say how to run it, by "command", ` +
      '"module" or "pythonModule".',
  );
  return undefined;
}

function objectionToCommand(command: string | undefined): string | undefined {
  if (command === undefined || isPlace(command)) return undefined;
  if (command.trim() === '') {
    return '"command" is empty. Name a program there, or leave it out.';
  }
  if (!/[\\/]/u.test(command) && !/^\.+$/u.test(command)) return undefined;
  return (
    `"command" is "${command}", and nothing says which folder that starts from. Write an absolute ` +
    `path, one that begins with ${folderVariable}/, or the bare name of a program.`
  );
}

/** A package, with its scope, and perhaps a file in it. */
const packagePath = /^(?:@[^\\/.@][^\\/]*\/)?[^\\/.@][^\\/]*(?:\/(?!\.)[^\\/]+)*$/u;

function objectionToModule(module: string | undefined): string | undefined {
  if (module === undefined || isPlace(module) || packagePath.test(module)) return undefined;
  return (
    `"module" is "${module}". Write an absolute path, one that begins with ${folderVariable}/, or ` +
    'the name of an installed package, such as "yaml-language-server".'
  );
}

function objectionToPython(module: string | undefined): string | undefined {
  if (module === undefined || /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(module))
    return undefined;
  return `"pythonModule" is "${module}". Write the name of a module as python -m takes it, such as "pylsp".`;
}

function isPlace(text: string): boolean {
  return path.isAbsolute(text) || /^\$\{workspaceFolder\}[\\/]./u.test(text);
}
