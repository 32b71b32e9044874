import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { MethodStatistics } from '../../server/shared/protocol/snapshot.ts';
import { filterCalls } from '../callFilter.ts';
import { groupMethods, orderMethods } from '../methodOrder.ts';
import { timeOfDay, type PanelModel } from '../panelModel.ts';
import { fill } from '../strings.ts';
import { latencyColumns, type LatencyColumn } from '../viewState.ts';
import { codicon } from './codicon.ts';
import { methodName } from './methodName.ts';
import { section } from './section.ts';
import { shownPart } from './shownPart.ts';

const mostOfTool = 8;
const mostOfAll = 24;

export function latencies(model: PanelModel): TemplateResult {
  const { strings, snapshot, view } = model;
  const methods = filterCalls(snapshot.methods, view.filter);
  return section(model, {
    name: 'latencies',
    heading: strings.latencies,
    note: fill(strings.statisticsSince, timeOfDay(model, snapshot.windowStartedAtMs)),
    body:
      methods.length > 0
        ? table(model, methods)
        : html`
            <p class="nothing">
              ${snapshot.methods.length > 0 ? strings.noneFound : strings.noCalls}
            </p>
          `,
  });
}

function table(model: PanelModel, methods: readonly MethodStatistics[]): TemplateResult {
  const { strings, view } = model;
  const { latencyOrder } = view;
  const groups = groupMethods(orderMethods(methods, latencyOrder), latencyOrder);
  return html`
    <div class="scroller" tabindex="0" role="group" aria-label=${strings.latencies}>
      <table aria-label=${strings.latencies}>
        <thead>
          <tr>
            ${latencyColumns.map(column => headerCell(model, column))}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            groups,
            group => (groups.length > 1 ? group[0]?.tool : ''),
            group => rows(model, group, groups.length > 1),
          )}
        </tbody>
      </table>
    </div>
  `;
}

function rows(model: PanelModel, methods: readonly MethodStatistics[], isOneOfMany: boolean) {
  const tool = (isOneOfMany && methods[0]?.tool) || '';
  const { shown, button } = shownPart(model, {
    name: `latencies ${tool}`,
    title: tool || model.strings.latencies,
    items: methods,
    mostShown: isOneOfMany ? mostOfTool : mostOfAll,
    columns: latencyColumns.length,
  });
  const keyOf = ({ tool, method, from, isNotification }: MethodStatistics) =>
    [tool, from, isNotification, method].join(' ');
  return html`${repeat(shown, keyOf, method => row(model, method))}${button}`;
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
  cancelled: 'cancelled',
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  max: 'max',
  sentBytes: 'sent',
  receivedBytes: 'received',
} as const satisfies Record<LatencyColumn, string>;

function row({ format, strings }: PanelModel, method: MethodStatistics): TemplateResult {
  const { tool, count, failures, cancelled, latency, sentBytes, receivedBytes } = method;
  return html`
    <tr>
      <td>${tool}</td>
      <td class="method">${methodName(method, strings)}</td>
      <td class="number">${format.count(count)}</td>
      <td class="number">
        ${failures > 0 ? codicon('error', 'bad') : nothing} ${format.count(failures)}
      </td>
      <td class="number">${format.count(cancelled)}</td>
      ${(['p50', 'p95', 'p99', 'max'] as const).map(
        of => html`<td class="number">${latency ? format.milliseconds(latency[of]) : '–'}</td>`,
      )}
      <td class="number">${format.traffic(sentBytes)}</td>
      <td class="number">${format.traffic(receivedBytes)}</td>
    </tr>
  `;
}

function isText(column: LatencyColumn): boolean {
  return column === 'tool' || column === 'method';
}
