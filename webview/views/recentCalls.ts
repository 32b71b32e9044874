import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CallRecord } from '../../server/shared/protocol/events.ts';
import { callKeys, callParts, latencySeries, methodName, partMs, totalMs } from '../callTimes.ts';
import { timeOfDay, type PanelModel } from '../panelModel.ts';
import { percent } from '../percent.ts';
import { codicon } from './codicon.ts';
import { latencyChart, seriesColors } from './latencyChart.ts';
import { section } from './section.ts';
import { swatch } from './swatch.ts';

const mostCalls = 50;
const leastScaleMs = 0.1;

export function recentCalls(model: PanelModel): TemplateResult {
  const { strings, snapshot } = model;
  return section(model, {
    name: 'recentCalls',
    heading: strings.recentCalls,
    body:
      snapshot.recentCalls.length === 0
        ? html`<p class="nothing">${strings.noCalls}</p>`
        : [chart(model), partsLegend(model), table(model)],
  });
}

function chart(model: PanelModel): TemplateResult {
  const series = latencySeries(model.snapshot.recentCalls);
  return html`
    <figure>
      ${latencyChart(model, series)}
      <figcaption class="legend">
        ${series.methods.map(
          (method, index) =>
            html`<span>${swatch(`series-${index % seriesColors.length}`)} ${method}</span>`,
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

function table(model: PanelModel): TemplateResult {
  const { strings, snapshot } = model;
  const calls = snapshot.recentCalls.slice(-mostCalls).reverse();
  const keys = callKeys(calls);
  const slowestMs = Math.max(leastScaleMs, ...calls.map(totalMs));
  return html`
    <div class="scroller" tabindex="0" role="group" aria-label=${strings.recentCalls}>
      <table aria-label=${strings.recentCalls}>
        <thead>
          <tr>
            <th scope="col">${strings.when}</th>
            <th scope="col">${strings.method}</th>
            <th scope="col">${strings.subject}</th>
            <th scope="col">${strings.outcome}</th>
            <th scope="col" class="number">${strings.total}</th>
            <th scope="col" class="parts">${strings.parts}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            calls,
            (_call, index) => keys[index],
            call => row(model, call, slowestMs),
          )}
        </tbody>
      </table>
    </div>
  `;
}

function row(model: PanelModel, call: CallRecord, slowestMs: number): TemplateResult {
  const { strings, format } = model;
  const { outcome, error, subject } = call;
  return html`
    <tr>
      <td>${timeOfDay(model, call.askedAtMs)}</td>
      <td>${methodName(call)}</td>
      <td class="subject" title=${subject ?? ''}>${subject ?? '–'}</td>
      <td class="outcome" title=${error ?? ''}>
        ${outcomeMark(call)} ${strings.outcomes[outcome]}
        ${error ? html`<span class="detail">${error}</span>` : nothing}
      </td>
      <td class="number">${format.milliseconds(totalMs(call))}</td>
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
