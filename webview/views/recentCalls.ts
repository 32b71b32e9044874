import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CallRecord } from '../../server/shared/protocol/events.ts';
import { filterCalls } from '../callFilter.ts';
import { callKeys, callParts, latencySeries, partMs, totalMs } from '../callTimes.ts';
import { timeOfDay, type PanelModel } from '../panelModel.ts';
import { percent } from '../percent.ts';
import { codicon } from './codicon.ts';
import { latencyChart, seriesColors } from './latencyChart.ts';
import { methodName } from './methodName.ts';
import { section } from './section.ts';
import { shownPart } from './shownPart.ts';
import { swatch } from './swatch.ts';

const mostCalls = 20;
const columns = 9;
const leastScaleMs = 0.1;

export function recentCalls(model: PanelModel): TemplateResult {
  const { strings, snapshot, view } = model;
  const calls = filterCalls(snapshot.recentCalls, view.filter);
  return section(model, {
    name: 'recentCalls',
    heading: strings.recentCalls,
    body:
      calls.length > 0
        ? [chart(model, calls), partsLegend(model), table(model, calls)]
        : html`
            <p class="nothing">
              ${snapshot.recentCalls.length > 0 ? strings.noneFound : strings.noCalls}
            </p>
          `,
  });
}

function chart(model: PanelModel, calls: readonly CallRecord[]): TemplateResult {
  const series = latencySeries(calls);
  return html`
    <figure>
      ${latencyChart(model, series)}
      <figcaption class="legend">
        ${series.names.map(
          (name, index) =>
            html`<span>${swatch(`series-${index % seriesColors.length}`)} ${name}</span>`,
        )}
      </figcaption>
    </figure>
  `;
}

function partsLegend({ strings }: PanelModel): TemplateResult {
  return html`
    <div class="legend parts-legend" aria-hidden="true">
      ${callParts.map(part => html`<span>${swatch(part)} ${strings[part]}</span>`)}
    </div>
  `;
}

function table(model: PanelModel, recent: readonly CallRecord[]): TemplateResult {
  const { strings } = model;
  const { shown: calls, button } = shownPart(model, {
    name: 'recentCalls',
    title: strings.recentCalls,
    items: recent.toReversed(),
    mostShown: mostCalls,
    columns,
  });
  const keys = callKeys(calls);
  const slowestMs = Math.max(leastScaleMs, ...calls.map(totalMs));
  return html`
    <div class="scroller" tabindex="0" role="group" aria-label=${strings.recentCalls}>
      <table aria-label=${strings.recentCalls}>
        <thead>
          <tr>
            <th scope="col">${strings.when}</th>
            <th scope="col">${strings.tool}</th>
            <th scope="col">${strings.method}</th>
            <th scope="col">${strings.subject}</th>
            <th scope="col">${strings.outcome}</th>
            <th scope="col" class="number">${strings.total}</th>
            <th scope="col" class="number">${strings.sent}</th>
            <th scope="col" class="number">${strings.received}</th>
            <th scope="col" class="parts">${strings.parts}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            calls,
            (_call, index) => keys[index],
            call => row(model, call, slowestMs),
          )}
          ${button}
        </tbody>
      </table>
    </div>
  `;
}

function row(model: PanelModel, call: CallRecord, slowestMs: number): TemplateResult {
  const { strings, format } = model;
  const { tool, outcome, error, subject, from, requestBytes, replyBytes } = call;
  const [sentBytes, receivedBytes] = from ? [replyBytes, requestBytes] : [requestBytes, replyBytes];
  return html`
    <tr>
      <td>${timeOfDay(model, call.askedAtMs)}</td>
      <td>${tool}</td>
      <td class="method">${methodName(call, strings)}</td>
      <td class="subject" title=${subject ?? ''}><bdi>${subject ?? '–'}</bdi></td>
      <td class="outcome" title=${error ?? ''}>
        ${outcomeMark(call)} ${strings.outcomes[outcome]}
        ${error ? html`<span class="detail">${error}</span>` : nothing}
      </td>
      <td class="number">${format.milliseconds(totalMs(call))}</td>
      <td class="number">${format.traffic(sentBytes)}</td>
      <td class="number">${format.traffic(receivedBytes)}</td>
      <td class="parts">${stackedBar(model, call, slowestMs)}</td>
    </tr>
  `;
}

function outcomeMark({ outcome }: CallRecord): TemplateResult {
  switch (outcome) {
    case 'ok':
      return codicon('check', 'good');
    case 'failed':
      return codicon('error', 'bad');
    case 'cancelled':
      return codicon('circle-slash');
    case 'deadline':
      return codicon('watch', 'warning');
    case 'lost':
      return codicon('debug-disconnect', 'bad');
  }
}

function stackedBar({ strings, format }: PanelModel, call: CallRecord, slowestMs: number) {
  const words = callParts
    .map(part => `${strings[part]} ${format.milliseconds(partMs(call, part))}`)
    .join(', ');
  let before = 0;
  return html`
    <svg class="bar" role="img" aria-label=${words}>
      <title>${words}</title>
      ${callParts.map(part => {
        const x = before / slowestMs;
        const width = partMs(call, part) / slowestMs;
        before += partMs(call, part);
        return svg`<rect class=${part} x=${percent(x)} width=${percent(width)} height="100%" />`;
      })}
    </svg>
  `;
}
