import { onSides } from './onSides.ts';

const nodes = 2_200;
const steps = 2 * nodes; // each is created, all but the first are linked, and one value is read

export const graph = [
  onSides({
    name: 'object_graph_awaited',
    need: 'graph',
    floor: { trips: steps },
    step: side => side.graph?.(nodes, true),
  }),
  onSides({
    name: 'object_graph_pipelined',
    need: 'graph',
    step: side => side.graph?.(nodes, false),
  }),
];
