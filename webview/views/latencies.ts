import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { MethodStatistics } from '../../server/shared/protocol/snapshot.ts';
import { timeOfDay, type PanelModel } from '../panelModel.ts';
import { fill } from '../strings.ts';
import { latencyColumns, type LatencyColumn, type LatencyOrder } from '../viewState.ts';
import { codicon } from './codicon.ts';
import { section } from './section.ts';

export function latencies(model: PanelModel): TemplateResult {
  const { strings, snapshot } = model;
  return section(model, {
    name: 'latencies',
    heading: strings.latencies,
    note: fill(strings.statisticsSince, timeOfDay(model, snapshot.windowStartedAtMs)),
    body:
      snapshot.methods.length === 0
        ? html`<p class="nothing">${strings.noCalls}</p>`
        : table(model),
  });
}

function table(model: PanelModel): TemplateResult {
  const { strings, snapshot, view } = model;
  return html`
    <div class="scroller">
      <table aria-label=${strings.latencies}>
        <thead>
          <tr>
            ${latencyColumns.map(column => headerCell(model, column))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            sortMethods(snapshot.methods, view.latencyOrder),
            ({ tool, method }) => `${tool}.${method}`,
            method => row(model, method),
          )}
        </tbody>
      </table>
    </div>
  `;
}

function headerCell({ strings, view, arrange }: PanelModel, column: LatencyColumn) {
  const { latencyOrder } = view;
  const isSorted = latencyOrder.column === column;
  const descending = isSorted ? !latencyOrder.descending : !isText(column);
  const direction = latencyOrder.descending ? 'descending' : 'ascending';
  return html`
    <th
      scope="col"
      class=${isText(column) ? '' : 'number'}
      aria-sort=${isSorted ? direction : 'none'}
    >
      <button class="sort" @click=${() => arrange({ latencyOrder: { column, descending } })}>
        ${strings[wordFor[column]]}${codicon(
          latencyOrder.descending ? 'arrow-small-down' : 'arrow-small-up',
          isSorted ? '' : 'unsorted',
        )}
      </button>
    </th>
  `;
}

const wordFor = {
  tool: 'tool',
  method: 'method',
  count: 'count',
  failures: 'failures',
  p50Ms: 'p50',
  p95Ms: 'p95',
  p99Ms: 'p99',
  maxMs: 'max',
} as const satisfies Record<LatencyColumn, string>;

function row({ format }: PanelModel, method: MethodStatistics): TemplateResult {
  return html`
    <tr>
      <td>${method.tool}</td>
      <td>${method.method}</td>
      <td class="number">${format.count(method.count)}</td>
      <td class="number">
        ${method.failures > 0 ? codicon('error', 'bad') : nothing} ${format.count(method.failures)}
      </td>
      <td class="number">${format.milliseconds(method.p50Ms)}</td>
      <td class="number">${format.milliseconds(method.p95Ms)}</td>
      <td class="number">${format.milliseconds(method.p99Ms)}</td>
      <td class="number">${format.milliseconds(method.maxMs)}</td>
    </tr>
  `;
}

export function sortMethods(
  methods: readonly MethodStatistics[],
  { column, descending }: LatencyOrder,
): readonly MethodStatistics[] {
  const sign = descending ? -1 : 1;
  return methods.toSorted((one, other) => sign * compare(one[column], other[column]));
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function isText(column: LatencyColumn): boolean {
  return column === 'tool' || column === 'method';
}
