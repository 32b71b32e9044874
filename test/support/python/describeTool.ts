import { describe } from 'vitest';
import { presentPythonTools, systemPython, type PythonTool } from '../../host/pythonTools.ts';

const present = await presentPythonTools();

/** Tests of a tool that Debian brings; where it is not installed, they are skipped and say why. */
export function describeTool(name: PythonTool, tests: () => void): void {
  if (present.has(name)) describe(name, tests);
  else describe.skip(`${name} (not installed for ${systemPython})`, tests);
}
