import type { Latency, MethodStatistics } from '../server/shared/protocol/snapshot.ts';

const sections = ['sessions', 'timeline', 'events', 'latencies', 'recentCalls'] as const;

export type SectionName = (typeof sections)[number];

export const latencyColumns = [
  'tool',
  'method',
  'count',
  'failures',
  'cancelled',
  'p50',
  'p95',
  'p99',
  'max',
  'sentBytes',
  'receivedBytes',
] as const satisfies readonly (keyof MethodStatistics | keyof Latency)[];

export type LatencyColumn = (typeof latencyColumns)[number];

export interface LatencyOrder {
  readonly column: LatencyColumn;
  readonly descending: boolean;
}

/** How a person has arranged the panel. It outlives the page. */
export interface ViewState {
  readonly collapsed: readonly SectionName[];
  readonly latencyOrder: LatencyOrder;
  /** Words that calls must have to be shown. */
  readonly filter: string;
  /** Lists that are shown to their end. */
  readonly expanded: readonly string[];
}

const initial: ViewState = {
  collapsed: ['events'],
  latencyOrder: { column: 'tool', descending: false },
  filter: '',
  expanded: [],
};

/** What an older version saved is kept as far as it is understood. */
export function parseViewState(saved: unknown): ViewState {
  if (!isRecord(saved)) return initial;
  const { collapsed, latencyOrder, filter, expanded } = saved;
  return {
    collapsed: Array.isArray(collapsed)
      ? sections.filter(name => collapsed.includes(name))
      : initial.collapsed,
    latencyOrder: parseLatencyOrder(latencyOrder) ?? initial.latencyOrder,
    filter: typeof filter === 'string' ? filter : initial.filter,
    expanded: Array.isArray(expanded)
      ? expanded.filter(name => typeof name === 'string')
      : initial.expanded,
  };
}

function parseLatencyOrder(saved: unknown): LatencyOrder | undefined {
  if (!isRecord(saved)) return undefined;
  const column = latencyColumns.find(name => name === saved['column']);
  return column && { column, descending: saved['descending'] === true };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
