import { describe, expect, test } from 'vitest';
import { toolConfinement } from '../../../../extension/features/toolConfinement.ts';

const tool = {
  name: 'prettier',
  directory: '/app/node_modules/prettier',
  origin: 'project',
  root: '/app',
  ignoreRoots: [],
  trusted: true,
} as const;

const wish = (
  changes: Partial<Parameters<typeof toolConfinement>[2]> = {},
  ...tools: Partial<typeof tool | { trusted: false }>[]
) =>
  toolConfinement(
    (tools.length > 0 ? tools : [{}]).map(one => ({ ...tool, ...one, ignoreRoots: [] })),
    '/app',
    { confinement: 'preferred', readableFolders: ['/data'], childProcesses: [], ...changes },
  );

test('a session reads its folder, its packages and what the user has named', () => {
  expect(wish()).toEqual({
    demands: [],
    workspace: '/app',
    readable: ['/app/node_modules/prettier', '/data'],
    needsChildren: false,
    needsScratch: true,
  });
});

describe('what is demanded', () => {
  test('is everything when confinement is required', () => {
    expect(wish({ confinement: 'required' })?.demands).toEqual([
      'read',
      'write',
      'connect',
      'spawn',
    ]);
  });

  test('is nothing at all when it is off', () => {
    expect(wish({ confinement: 'off' })).toBeUndefined();
  });

  test('is something in Restricted Mode, whatever the settings say', () => {
    for (const confinement of ['off', 'preferred'] as const) {
      expect(wish({ confinement }, { trusted: false })?.demands).toEqual([
        'read',
        'write',
        'spawn',
      ]);
    }
  });
});

test('tools start programs only when the user lets them', () => {
  expect(wish({ childProcesses: ['eslint'] })?.needsChildren).toBe(false);
  expect(wish({ childProcesses: ['prettier'] })?.needsChildren).toBe(true);
});

test('tools get a folder for temporary files only when they need one', () => {
  expect(wish({}, { name: 'isort' as never })?.needsScratch).toBe(false);
  expect(wish({}, { name: 'isort' as never }, { name: 'black' as never })?.needsScratch).toBe(true);
});
