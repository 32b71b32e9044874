import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What of a VS Code desktop's command line matters to the stand-in. */
export interface DesktopFlags {
  readonly extensions: readonly string[];
  readonly suite: string;
  readonly workspace: string | undefined;
  readonly userData: string | undefined;
  readonly extensionsFolder: string | undefined;
}

export function parseDesktopFlags(args: readonly string[]): DesktopFlags {
  const values = (name: string) =>
    args.filter(arg => arg.startsWith(`--${name}=`)).map(arg => toPath(arg.slice(name.length + 3)));
  const extensions = values('extensionDevelopmentPath');
  const suite = values('extensionTestsPath').at(-1);
  if (!suite || extensions.length === 0) {
    throw new Error('expected --extensionDevelopmentPath= and --extensionTestsPath=');
  }
  const [workspace] = args.filter(arg => !arg.startsWith('--')).map(toPath);
  return {
    extensions,
    suite,
    workspace,
    userData: values('user-data-dir').at(-1),
    extensionsFolder: values('extensions-dir').at(-1),
  };
}

function toPath(value: string): string {
  return value.startsWith('file:') ? fileURLToPath(value) : path.resolve(value);
}
