import { expect, test } from 'vitest';
import { confinementOf } from '../../../../extension/sessions/confinementOf.ts';
import type { OpenSessionOptions } from '../../../../extension/sessions/openSessionOptions.ts';
import { forbidden } from '../../../../server/shared/protocol/confinement.ts';

const options = (given: Partial<OpenSessionOptions> = {}): OpenSessionOptions => ({
  shareKey: 'a',
  cwd: '/app',
  ...given,
});
const plain = {
  demands: [],
  workspace: '/app',
  readable: [],
  needsChildren: false,
  needsScratch: false,
};

test('a session is confined as the user has decided for all, unless its caller says more', () => {
  const off = { confinement: { mode: 'off' } } as const;
  const required = { confinement: { mode: 'required', readable: ['/models'] } } as const;
  expect(confinementOf(options(), 'preferred')).toEqual(plain);
  expect(confinementOf(options(), 'off')).toBeUndefined();
  expect(confinementOf(options(), 'required')).toEqual({ ...plain, demands: forbidden });
  expect(confinementOf(options(off), 'preferred')).toBeUndefined();
  expect(confinementOf(options(required), 'off')).toEqual({
    ...plain,
    demands: forbidden,
    readable: ['/models'],
  });
  expect(confinementOf(options({ confinement: { mode: 'preferred' } }), 'required')).toMatchObject({
    demands: forbidden,
  });
});

test('nobody gets around what the user requires', () => {
  const off = options({ confinement: { mode: 'off' } });
  expect(() => confinementOf(off, 'required')).toThrow(
    expect.objectContaining({ code: 'session.unconfined' }),
  );
});

test('what it may read must be said', () => {
  const nowhere = { shareKey: 'a' };
  expect(() => confinementOf(nowhere, 'preferred')).toThrow(
    'cwd is undefined; it takes the folder that the session reads, unless',
  );
  expect(confinementOf(nowhere, 'off')).toBeUndefined();
});
