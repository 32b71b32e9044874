import { expect, test } from 'vitest';
import { allowedEnvironment } from '../../../../extension/confinement/environment.ts';

test('only named variables reach a session', () => {
  const environment = allowedEnvironment({
    PATH: '/bin',
    Path: 'C:\\Windows',
    LANG: 'en',
    HOME: '/home/me',
    NODE_OPTIONS: '--require evil',
    NPM_TOKEN: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    SSH_AUTH_SOCK: '/tmp/agent',
    HTTPS_PROXY: 'http://me:password@proxy',
    VSCODE_IPC_HOOK: '/tmp/hook',
    LD_PRELOAD: '/tmp/evil.so',
    TZ: undefined,
  });
  expect(environment).toEqual({ PATH: '/bin', Path: 'C:\\Windows', LANG: 'en', HOME: '/home/me' });
});
