import type { MethodStatistics } from '../server/shared/protocol/snapshot.ts';
import type { LatencyColumn, LatencyOrder } from './viewState.ts';

type Value = string | number | undefined;

/** By the column, and where that says nothing by tool, the slowest first. What has no value comes last. */
export function orderMethods(
  methods: readonly MethodStatistics[],
  { column, descending }: LatencyOrder,
): readonly MethodStatistics[] {
  const by = (column: LatencyColumn, isDescending: boolean) => {
    return (one: MethodStatistics, other: MethodStatistics) =>
      compare(valueOf(one, column), valueOf(other, column), isDescending);
  };
  const orders = [by(column, descending), by('tool', false), by('p95', true), by('count', true)];
  return methods.toSorted((one, other) => {
    for (const order of orders) {
      const result = order(one, other);
      if (result !== 0) return result;
    }
    return 0;
  });
}

/** A list with a tool's methods for each, in the order of the first; one list if they are not in a row. */
export function groupMethods(
  methods: readonly MethodStatistics[],
  { column }: LatencyOrder,
): readonly (readonly MethodStatistics[])[] {
  if (column !== 'tool') return [methods];
  return [...Map.groupBy(methods, ({ tool }) => tool).values()];
}

function valueOf(method: MethodStatistics, column: LatencyColumn): Value {
  switch (column) {
    case 'p50':
    case 'p95':
    case 'p99':
    case 'max':
      return method.latency?.[column];
    default:
      return method[column];
  }
}

function compare(one: Value, other: Value, isDescending: boolean): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return one < other === isDescending ? 1 : -1;
}
