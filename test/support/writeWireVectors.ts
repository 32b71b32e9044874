import fs from 'node:fs';
import path from 'node:path';
import { refusedSyncVectors, syncVectors } from './syncVectors.ts';
import { messageVectors, refusedVectors, valueVectors } from './wireVectors.ts';

/**
 * Writes test/fixtures/wire anew, when the protocol has changed:
 * node --experimental-transform-types test/support/writeWireVectors.ts
 */
const folder = path.join(import.meta.dirname, '../fixtures/wire');
fs.mkdirSync(folder, { recursive: true });
const files = {
  'values.json': valueVectors(),
  'messages.json': await messageVectors(),
  'refused.json': refusedVectors(),
  'synchronous.json': await syncVectors(),
  'refusedSynchronous.json': refusedSyncVectors(),
};
for (const [name, vectors] of Object.entries(files)) {
  fs.writeFileSync(path.join(folder, name), `${JSON.stringify(vectors, undefined, 2)}\n`);
}
