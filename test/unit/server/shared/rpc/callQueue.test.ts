import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallQueue } from '../../../../../server/shared/rpc/callQueue.ts';
import { IncomingCall } from '../../../../../server/shared/rpc/incomingCall.ts';

function callThatCame(order: number): IncomingCall {
  return Object.assign(new IncomingCall(order, 0), { order });
}

test('of the calls in the queue, the next is always the one that came first', () => {
  const taking = fc.constant('take' as const);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(), taking)), steps => {
      const queue = new CallQueue();
      const model: number[] = [];
      for (const step of [...steps, ...steps.map(() => 'take' as const)]) {
        if (step === 'take') expect(queue.take()?.order).toBe(model.shift());
        else {
          queue.add(callThatCame(step));
          model.push(step);
          model.sort((a, b) => a - b);
        }
        expect(queue.size).toBe(model.length);
      }
    }),
  );
});
