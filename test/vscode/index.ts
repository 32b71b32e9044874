import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** The suite as VS Code's extension host runs it. Resolves only if tests ran and all passed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', color: false, timeout: 30_000 });
  for (const name of fs.globSync('**/*.test.cjs', { cwd: __dirname })) {
    mocha.addFile(path.join(__dirname, name));
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const runner = mocha.run(failures => {
    const { passes, pending } = runner.stats ?? { passes: 0, pending: 0 };
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
    if (failures > 0) reject(new Error(`${failures} tests failed`));
    else if (passes === 0) reject(new Error('no test ran'));
    else resolve();
  });
  await promise;
}
