import { onSides } from './onSides.ts';

const times = 40;
const ask = (index: number) => 3 * index + 17;

export const callbacks = [
  onSides({
    name: 'callback_chatter',
    need: 'callbacks',
    floor: { trips: 1 + times },
    step: side => (side.callback ? side.callback(ask, times) : side.workload.callback(ask, times)),
  }),
  onSides({
    name: 'callback_chatter_batch',
    need: 'callbackBatch',
    floor: { trips: 2 },
    step: ({ workload }) => workload.callbackBatch(ask, times),
  }),
  onSides({
    name: 'callback_chatter_sync',
    need: 'callbackSync',
    floor: { trips: 1 + times },
    step: ({ workload }) => workload.callbackSync(ask, times),
  }),
];
