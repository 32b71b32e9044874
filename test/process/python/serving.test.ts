import { expect, test } from 'vitest';
import {
  describePython,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';

type Served = Record<string, () => readonly unknown[]>;

describePython('a Python call', () => {
  test.each([
    [
      'that is given up in the moment in which it begins has begun first',
      'given_up_when_it_begins',
      ['started 1', 'cancelling 1'],
    ],
    [
      'that waits is answered at once when it is given up in the moment in which another begins above it',
      'given_up_when_another_begins',
      ['error 1', 'runs 2', 'done 2'],
    ],
    [
      'that waits and is given up goes on before another runs above it, which is not forgotten',
      'given_up_before_another_begins',
      ['waits 2'],
    ],
    [
      'that is given up before its turn is forgotten at once',
      'given_up_while_it_waits_for_its_turn',
      ['error 1', false],
    ],
    [
      'that is given up by what has come and was not read does not begin',
      'given_up_by_what_is_read_before_it_begins',
      ['error 1'],
    ],
    [
      'that is given up in the moment in which it ends has failed, and runs no more',
      'given_up_as_it_ends',
      ['call.cancelled', 0],
    ],
    ['that is refused does not run afterwards', 'refused', ['started 1', 'error 1', 0]],
    [
      'whose result is asked for in the moment in which it is there answers that once',
      'asked_for_when_it_is_there',
      [1],
    ],
    [
      'does not take the place of another one with its number',
      'answered_twice',
      [true, false, true],
    ],
  ] as const)('%s', async (_what, scenario, said) => {
    await using session = new PythonSession();
    const served = session.load<Served>(supportProgram('served.py'));
    expect(await served[scenario]!()).toEqual(said);
  });
});
