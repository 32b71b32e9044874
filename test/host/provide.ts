import { providePythonTools } from './pythonTools.ts';
import { provideVSCode } from './vscodeInstall.ts';

// One after the other: Debian's installer runs once at a time.
await provideVSCode();
try {
  await providePythonTools(console.log);
} catch (error) {
  console.log(`tests of Python tools are skipped where they are missing: ${String(error)}`);
}
