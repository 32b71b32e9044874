// Writes the types of what other extensions get, as one file that needs no other.
import fs from 'node:fs';
import { generateDtsBundle } from 'dts-bundle-generator';

/** What it needs of the language and a project may not have asked for. */
const libraries = ['es2022', 'esnext.disposable'];

const [types] = generateDtsBundle(
  [
    {
      filePath: 'extension/extensionApi.ts',
      output: { noBanner: true, exportReferencedTypes: false },
    },
  ],
  { preferredConfigPath: 'tsconfig.api.json' },
);

fs.writeFileSync(
  process.argv[2] ?? 'dist/greenroom.d.ts',
  `// The API of the extension greenroom.greenroom: copy this file, and import types from it.
${libraries.map(name => `/// <reference lib="${name}" />\n`).join('')}
${types}`,
);
