import { afterEach, expect, test, vi } from 'vitest';
import { toWireError } from '../../../server/shared/toldErrors.ts';
import { BatchOutcome } from '../../../server/shared/rpc/batchOutcome.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import { describePython, PythonSession } from '../../support/python/pythonSession.ts';

const triple = (n: number) => 3 * n;
const error = toWireError(new Error('not this one'));

/** Answers a batch of three of a worker with each of these, and says what the worker made of it. */
async function madeOf<Name extends string>(
  method: 'call_back_batched' | 'call_back_settled',
  answers: Readonly<Record<Name, unknown>>,
): Promise<Record<Name, string>> {
  await using session = new PythonSession();
  const workshop = session.load<Workshop>(workshopFile);
  const answer = vi.spyOn(BatchOutcome.prototype, 'answer', 'get');
  const made = {} as Record<Name, string>;
  for (const [name, forged] of Object.entries(answers) as [Name, unknown][]) {
    answer.mockReturnValue(forged);
    made[name] = await workshop[method](triple, 3).then(String, String);
  }
  return made;
}

/** Not what any batch of three is answered with. */
const misfits = {
  'no list': 1,
  'one list': [[0, 3, 6]],
  'no lists in it': [1, 2],
  'too few results': [[0, 3], []],
  'too many results': [[0, 3, 6, 9], []],
  'a failure that is none': [[], [0]],
  'a failure of no item': [[], [['0', error]]],
  'a failure of an item that is not there': [[0, 3, 6], [[3, error]]],
  'a failure of an item before the first': [[0, 3, 6], [[-1, error]]],
  'a failure of half an item': [[], [[0.5, error]]],
  'an error that is none': [[], [[0, 1]]],
};

describePython('an answer to a batch', () => {
  afterEach(() => void vi.restoreAllMocks());

  const misfit = expect.stringMatching(
    /the answer to a batch (does not fit it|is no pair of lists)|an error is not an object/u,
  ) as string;

  test.each(['call_back_batched', 'call_back_settled'] as const)(
    'that does not fit it fails its call and nothing else: %s',
    async method => {
      const good = { 'after all': [[0, 3, 6], []] };
      expect(await madeOf(method, { ...misfits, ...good })).toEqual({
        ...Object.fromEntries(Object.keys(misfits).map(name => [name, misfit])),
        'after all': '0,3,6',
      });
    },
  );

  test('that stops at a failure has a result for each item before it, and no other failure', async () => {
    const failures = [0, 1].map(item => [item, error]);
    const made = await madeOf('call_back_batched', {
      'as it is': [[0], [[1, error]]],
      'with results behind the failure': [[0, 3, 6], [[1, error]]],
      'without a result before it': [[], [[1, error]]],
      'with two failures': [[], failures],
    });
    expect(made).toEqual({
      'as it is': expect.stringContaining('not this one') as string,
      'with results behind the failure': misfit,
      'without a result before it': misfit,
      'with two failures': misfit,
    });
  });

  test('to one that runs all has a result for each item, whichever fail', async () => {
    const failures = [0, 1].map(item => [item, error]);
    const made = await madeOf('call_back_settled', {
      'as it is': [[undefined, undefined, 6], failures],
      'without what failed': [[6], failures],
    });
    expect(made).toEqual({
      'as it is': 'not this one,not this one,6',
      'without what failed': misfit,
    });
  });
});
