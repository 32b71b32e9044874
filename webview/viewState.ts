import type { MethodStatistics } from '../server/shared/protocol/snapshot.ts';

const sections = ['sessions', 'timeline', 'events', 'latencies', 'recentCalls'] as const;

export type SectionName = (typeof sections)[number];

export const latencyColumns = [
  'tool',
  'method',
  'count',
  'failures',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'maxMs',
] as const satisfies readonly (keyof MethodStatistics)[];

export type LatencyColumn = (typeof latencyColumns)[number];

export interface LatencyOrder {
  readonly column: LatencyColumn;
  readonly descending: boolean;
}

/** How a person has arranged the panel. It outlives the page. */
export interface ViewState {
  readonly collapsed: readonly SectionName[];
  readonly latencyOrder: LatencyOrder;
}

const initial: ViewState = {
  collapsed: ['events'],
  latencyOrder: { column: 'p95Ms', descending: true },
};

/** What an older version saved is kept as far as it is understood. */
export function parseViewState(saved: unknown): ViewState {
  if (!isRecord(saved)) return initial;
  const { collapsed, latencyOrder } = saved;
  return {
    collapsed: Array.isArray(collapsed)
      ? sections.filter(name => collapsed.includes(name))
      : initial.collapsed,
    latencyOrder: parseLatencyOrder(latencyOrder) ?? initial.latencyOrder,
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
