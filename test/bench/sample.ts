import fs from 'node:fs';
import path from 'node:path';
import { repository } from './paths.ts';

/** A TypeScript file as people write it, of 1,020 lines: a language server's. The lockfile pins it. */
export const typeScriptSample = fs.readFileSync(
  path.join(repository, 'node_modules/bash-language-server/src/server.ts'),
  'utf8',
);
