import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { landlockTrouble, nobodyTrouble } from '../../support/landlocked.ts';
import { describeMechanisms, machine } from '../../support/mechanisms.ts';
import { HostCopy } from '../../support/otherUser.ts';
import { presentPythonTools, systemPython } from '../../host/pythonTools.ts';

const hasBlack = (await presentPythonTools()).has('black');
const python = hasBlack ? { interpreter: systemPython } : {};
const formatted = hasBlack ? ['a = 1;\n', 'a = 1\n'] : ['a = 1;\n'];
const largeLength = 50_000 * 'a = 1;\n'.length;
const denied = expect.toBeOneOf(['ENOENT', 'EACCES']) as unknown;
const trouble = nobodyTrouble('/bin/true');
const users = [
  ['this user', false] as const,
  ...(trouble ? [] : [['a normal user', true] as const]),
];
if (trouble) test.skip(`for a normal user (${trouble})`);

let copy: HostCopy;
beforeAll(() => void (copy = new HostCopy()));
afterAll(() => copy[Symbol.dispose]());

const deeds = () =>
  [
    ['read', copy.secret],
    ['read', `/proc/${process.pid}/environ`],
    ['write', `${copy.workspace}/a.js`],
    ['writeScratch'],
    ['run', ['/bin/true']],
  ] as const;
const outcomes = [
  denied,
  denied,
  expect.toBeOneOf(['EROFS', 'EACCES']),
  expect.stringContaining('kept-'),
  'EPERM',
];

describeMechanisms('a session confined', mechanism => {
  test.each(users)('has the same bounds for %s', (_, asNobody) => {
    const report = copy.run({ mechanism, ...python, deeds: deeds() }, { asNobody });
    const confinement = { mechanism, succeeded: [], granted: [] };
    expect(report).toMatchObject({ confinement, formatted, largeLength, outcomes });
  });
});

test.skipIf(!machine.bubblewrap.works).each(users)(
  'sessions of %s are confined also without a home and a folder for temporary files',
  (_, asNobody) => {
    const report = copy.run({ deeds: [] }, { asNobody, temporary: '/nowhere', home: '/nowhere' });
    expect(report.confinement).toMatchObject({ mechanism: 'bubblewrap', succeeded: [] });
  },
);

/** Machines that lack something, made of this one by bubblewrap itself. */
const machines = {
  'without bubblewrap': ['--ro-bind', '/dev/null', '/usr/bin/bwrap'],
  'whose bubblewrap is forbidden to make namespaces': ['--unshare-user', '--disable-userns'],
} as const;
const withoutPerl = ['--ro-bind', '/dev/null', '/usr/bin/perl'];

function machineWith(...flags: readonly string[]): readonly string[] {
  return ['/usr/bin/bwrap', '--bind', '/', '/', '--dev-bind', '/dev', '/dev', ...flags, '--'];
}

describe.skipIf(!machine.bubblewrap.works).each(Object.entries(machines))(
  'on a machine %s',
  (_, lacks) => {
    test.skipIf(landlockTrouble() !== undefined).each(users)(
      'Landlock confines the sessions of %s',
      (_, asNobody) => {
        const within = machineWith(...lacks);
        const report = copy.run({ deeds: deeds() }, { asNobody, within });
        expect(report.confinement).toMatchObject({ mechanism: 'landlock', succeeded: [] });
        expect(report.outcomes).toEqual(outcomes);
      },
    );

    test.each(users)('and without Landlock, %s is told what is missing', (_, asNobody) => {
      const within = machineWith(...lacks, ...withoutPerl);
      const { error } = copy.run({ deeds: [] }, { asNobody, within });
      expect(error?.code).toBe('session.unconfined');
      expect(error?.message).toMatch(/connect to the network/u);
      expect(error?.message).toMatch(/package is called bubblewrap|may forbid user namespaces/u);
      expect(error?.message).toMatch(/perl is not installed/u);
    });
  },
);
