import { provideBubblewrap } from './bubblewrap.ts';
import { providePythonTools } from './pythonTools.ts';
import { provideVSCode } from './vscodeInstall.ts';

// One after the other: Debian's installer runs once at a time.
await provideVSCode();
for (const provide of [providePythonTools, provideBubblewrap]) {
  try {
    await provide(console.log);
  } catch (error) {
    console.log(`tests are skipped where something is missing: ${String(error)}`);
  }
}
