import { describe, expect, test, vi } from 'vitest';
import {
  openGreenroom,
  type GreenroomOptions,
  type OpenSessionOptions,
} from '../../../../extension/api.ts';
import { createLog } from '../../../../extension/log/log.ts';
import { HostModules } from '../../../../extension/sessions/hostModules.ts';
import {
  defaultPoolPolicy,
  type PoolPolicy,
} from '../../../../extension/sessions/pool/poolPolicy.ts';
import { SessionPool } from '../../../../extension/sessions/pool/sessionPool.ts';

const rule = (passing: unknown) => ({ policies: { types: [{ type: 'Point', passing }] } });

describe('an option that cannot be is named, with what was given and what it takes', () => {
  test.each<[object, string]>([
    [{ shareKey: undefined }, 'shareKey is undefined; it takes a text that is not empty'],
    [{ shareKey: '' }, 'shareKey is ""; it takes a text that is not empty'],
    [{ shareKey: 7 }, 'shareKey is 7; it takes a text that is not empty'],
    [{ shareKey: '\ud800' }, 'shareKey is "\\ud800"; it takes a text without halves of characters'],
    [{ runtime: 'deno' }, 'runtime is "deno"; it takes \'node\''],
    [{ module: 7 }, 'module is 7; it takes a text'],
    [{ module: './tool.mjs' }, 'module is "./tool.mjs"; it takes an absolute path'],
    [{ keepAliveMs: 7 }, "openSession has no option 'keepAliveMs'; it has shareKey, runtime,"],
    [{ cwd: {} }, 'cwd is an object; it takes a text'],
    [{ signal: 'zzz' }, 'signal is "zzz"; it takes an AbortSignal'],
    [{ policies: 'value' }, 'policies is "value"; it takes an object'],
    [{ policies: { objects: 'copy' } }, 'policies.objects is "copy"; it takes \'value\' or'],
    [{ policies: { types: 'Point' } }, 'policies.types is "Point"; it takes a list of rules'],
    [{ policies: { types: ['Point'] } }, 'policies.types[0] is "Point"; it takes a rule'],
    [{ signal: { addEventListener: () => undefined } }, 'signal is an object; it takes an Abort'],
    [
      { policies: { types: [{ type: 'Point', passing: 'value', deep: 1 }] } },
      "policies.types[0] has no option 'deep'; it has type, passing",
    ],
    [{ policies: { types: [{}] } }, 'policies.types[0].type is undefined; it takes a class'],
    [{ confinement: { mod: 'required' } }, "confinement has no option 'mod'; it has mode,"],
    [{ policies: { type: [] } }, "policies has no option 'type'; it has types, objects"],
    [{ interpreter: '/usr/bin/python3' }, 'it takes nothing where the runtime is not'],
    [{ confinement: 'required' }, 'confinement is "required"; it takes an object'],
    [{ confinement: { mode: 'some' } }, 'confinement.mode is "some"; it takes \'required\' or'],
    [
      { confinement: { mode: 'required', readable: ['src'] } },
      'confinement.readable[0] is "src"; it takes an absolute path',
    ],
    [rule('copy'), "policies.types[0].passing is \"copy\"; it takes 'value' or 'reference'"],
    [rule(undefined), 'policies.types[0].passing is undefined'],
    [{ keepaliveMs: '5' }, 'keepaliveMs is "5"; it takes a whole number'],
    ...[Date, class Failure extends RangeError {}, Buffer, DataView, Function].map(
      (type): [object, string] => [
        { policies: { types: [{ type, passing: 'reference' }] } },
        `policies.types[0].type is ${type.name}; functions always go by reference, and dates,`,
      ],
    ),
  ])('%o', async (options, message) => {
    await expect(open(options)).rejects.toThrow(TypeError);
    await expect(open(options)).rejects.toThrow(message);
  });

  test.each<[object, string]>([
    [{ keepaliveMs: -1 }, 'keepaliveMs is -1; it takes a whole number from 0 to 2147483647'],
    [{ keepaliveMs: NaN }, 'keepaliveMs is NaN'],
    [{ keepaliveMs: 2 ** 31 }, 'keepaliveMs is 2147483648'],
    [{ maxReplicas: 0 }, 'maxReplicas is 0; it takes a whole number from 1 to 64'],
    [{ memoryLimitMb: 1 }, 'memoryLimitMb is 1; it takes a whole number from 64'],
  ])('%o, a number', async (options, message) => {
    await expect(open(options)).rejects.toThrow(RangeError);
    await expect(open(options)).rejects.toThrow(message);
  });

  test.each([undefined, null, 'key'])('%s instead of options', async options => {
    await using greenroom = openGreenroom({ workerPath: '/nowhere/worker.cjs' });
    await expect(greenroom.openSession(options as unknown as OpenSessionOptions)).rejects.toThrow(
      'openSession takes an object with options, not',
    );
  });

  test.each<[object, string]>([
    [{ logs: 1 }, "openGreenroom has no option 'logs'; it has workerPath,"],
    [{ policy: { nope: 1 } }, "policy has no option 'nope'; it has"],
    [{ policy: { maxCallsAtOnce: -1 } }, 'policy.maxCallsAtOnce is -1; it takes'],
    [{ policy: { backoff: 5 } }, 'policy.backoff is 5; it takes an object'],
    [{ policy: { graceMs: NaN } }, 'policy.graceMs is NaN; it takes a number from 0 on'],
    [{ policy: { graceMs: Infinity } }, 'policy.graceMs is Infinity; it takes'],
    [{ policy: { graceMs: '5' } }, 'policy.graceMs is "5"; it takes'],
    [{ policy: { graceMs: undefined } }, 'policy.graceMs is undefined; it takes'],
    [{ policy: { replacesLost: 1 } }, 'policy.replacesLost is 1; it takes true or false'],
    [{ policy: { health: null } }, 'policy.health is null; it takes an object'],
    [{ policy: { health: [] } }, 'policy.health is a list; it takes an object'],
    [
      { policy: { health: { slowMs: 'x', silenceMs: 1 } } },
      'policy.health.slowMs is "x"; it takes a number from 0 on',
    ],
    [{ policy: { breaker: {} } }, 'policy.breaker.maxLosses is undefined; it takes'],
    [
      { policy: { breaker: { maxLosses: 1, openMs: 1, isOpen: true } } },
      "policy.breaker has no option 'isOpen'; it has maxLosses, openMs",
    ],
    [{ log: console }, 'log is an object; it takes what createLog makes'],
    [{ log: null }, 'log is null; it takes'],
    [{ segmentFolder: 5 }, 'segmentFolder is 5; it takes a text'],
    [{ nodePath: '' }, 'nodePath is ""; it takes a text'],
    [{ pythonWorkerPath: 7 }, 'pythonWorkerPath is 7; it takes a text'],
  ])('what all sessions are opened with: %o', (options, message) => {
    expect(() => openGreenroom({ workerPath: '/w', ...options })).toThrow(new RegExp(message, 'u'));
  });

  test.each<Partial<PoolPolicy>>([
    {},
    { graceMs: 0, replacesLost: false },
    { health: { slowMs: 1, silenceMs: 0.5 } },
    defaultPoolPolicy,
  ])('a policy of the right shape is taken: %o', policy => {
    expect(() => openGreenroom({ workerPath: '/w', policy })).not.toThrow();
  });

  test.each([undefined, 5])('what a log writes with: %s', write => {
    expect(() => createLog(write as never)).toThrow(
      new TypeError(`what createLog writes with is ${write}; it takes a function`),
    );
  });

  test.each([undefined, 7])('the path of the worker: %s', workerPath => {
    expect(() => openGreenroom({ workerPath } as unknown as GreenroomOptions)).toThrow(
      `workerPath is ${workerPath}; it takes a text that is not empty`,
    );
  });
});

test('an end that fails leaves no listener for modules behind all the same', async () => {
  const greenroom = openGreenroom({ workerPath: '/nowhere/worker.cjs' });
  const module = '/nowhere/module.mjs'; // it is listened for from here on
  await expect(greenroom.openSession({ shareKey: 'test', module })).rejects.toThrow(module);
  using shutDown = vi.spyOn(SessionPool.prototype, 'shutDown');
  shutDown.mockRejectedValue(new Error('it survived'));
  using dispose = vi.spyOn(HostModules.prototype, 'dispose');
  await expect(greenroom.close()).rejects.toThrow('it survived');
  expect(dispose).toHaveBeenCalledOnce();
});

/** There is no worker: whatever gets as far as starting one fails with a code. */
async function open(options: object): Promise<unknown> {
  await using greenroom = openGreenroom({ workerPath: '/nowhere/worker.cjs' });
  return await greenroom.openSession({ shareKey: 'test', ...options });
}
