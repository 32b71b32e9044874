import { expect, test } from 'vitest';
import { syntaxErrorPlace } from '../../../../server/worker/syntaxErrorPlace.ts';
import { Project } from '../../../support/project.ts';

test.each([
  ['says', '{ "type": "module" }'],
  ['does not say', '{}'],
])(
  'the place is in the file that cannot be parsed, where package.json %s that it is an ES module',
  async (_what, manifest) => {
    using project = new Project({
      'package.json': manifest,
      'index.js': "import './broken.js';\nexport const a = 1;\n",
      'broken.js': 'export const ok = 1;\nexport const b = = 2;\n',
    });
    const place = `${project.path('broken.js')}:2:18`;
    expect(await syntaxErrorPlace(project.path('index.js'))).toBe(place);
    expect(await syntaxErrorPlace(project.path('broken.js'))).toBe(place);
  },
);
