import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LifecycleEntry } from '../../server/shared/protocol/snapshot.ts';
import {
  axisTicks,
  extent,
  lifecycleLanes,
  position,
  timelineRange,
  type Lane,
  type Span,
  type TimeRange,
} from '../lifecycleLanes.ts';
import { timeOfDay, type PanelModel } from '../panelModel.ts';
import { describeEntry, isFailure } from '../reasons.ts';
import { sessionName } from '../sessionName.ts';
import { section } from './section.ts';
import { swatch } from './swatch.ts';

const spanStates = ['starting', 'ready', 'draining'] as const;
const mostEvents = 20;

export function timeline(model: PanelModel): TemplateResult {
  const { strings, snapshot } = model;
  return section(model, {
    name: 'timeline',
    heading: strings.timeline,
    note: html`
      <span class="legend" aria-hidden="true">
        ${spanStates.map(state => html`<span>${swatch(state)} ${strings.states[state]}</span>`)}
      </span>
    `,
    body: [snapshot.sessions.length > 0 ? lanes(model) : nothing, recentEvents(model)],
  });
}

function lanes(model: PanelModel): TemplateResult {
  const { strings, snapshot, nowMs } = model;
  const range = timelineRange(snapshot.sessions, nowMs);
  const ticks = axisTicks(range, snapshot.epochOffsetMs);
  const grid = ticks.atMs.map(atMs => {
    const x = position(atMs, range);
    return svg`<line class="tick" x1=${x} x2=${x} y1="0" y2="100%" />`;
  });
  return html`
    <div class="scroller" tabindex="0" role="group" aria-label=${strings.timeline}>
      <div class="lanes">
        ${repeat(
          lifecycleLanes(snapshot, range),
          lane => lane.session.id,
          lane => drawLane(model, lane, range, grid),
        )}
        <svg class="axis" aria-hidden="true">
          ${ticks.atMs.map(
            atMs => svg`
              <text x=${position(atMs, range)} y="12">${tickLabel(model, atMs, ticks.stepMs)}</text>
            `,
          )}
        </svg>
      </div>
    </div>
  `;
}

function tickLabel({ snapshot, format }: PanelModel, atMs: number, stepMs: number) {
  const epochMs = atMs + snapshot.epochOffsetMs;
  return stepMs < 60_000 ? format.time(epochMs) : format.timeToMinute(epochMs);
}

function drawLane(model: PanelModel, lane: Lane, range: TimeRange, grid: unknown) {
  const { strings } = model;
  const name = sessionName(lane.session);
  return html`
    <span class="label" title=${name}>${name}</span>
    <svg class="lane" role="img" aria-label="${name}: ${strings.states[lane.session.state]}">
      ${grid} ${lane.spans.map(span => drawSpan(model, span, range))}
      ${lane.moments.map(moment => drawMoment(model, moment, range))}
    </svg>
  `;
}

function drawSpan({ strings, format }: PanelModel, span: Span, range: TimeRange) {
  return svg`
    <rect
      class="span ${span.state}"
      x=${position(span.fromMs, range)}
      width=${extent(span, range)}
      y="6"
      height="10"
    >
      <title>${strings.states[span.state]}: ${format.age(span.toMs - span.fromMs)}</title>
    </rect>
  `;
}

/** A nested drawing, since a path cannot be placed by a percentage itself. */
function drawMoment(model: PanelModel, moment: LifecycleEntry, range: TimeRange) {
  const kind = isFailure(moment.reason) ? 'failure' : moment.kind;
  return svg`
    <svg class="moment ${kind}" x=${position(moment.atMs, range)} y="11">
      <title>${describeMoment(model, moment)}</title>
      <circle r="6" />
      <path d=${moment.kind === 'closed' ? 'M-4-4 4 4M4-4-4 4' : 'M0-5 5 0 0 5-5 0Z'} />
    </svg>
  `;
}

function describeMoment(model: PanelModel, moment: LifecycleEntry): string {
  const took = moment.tookMs === undefined ? '' : ` · ${model.format.milliseconds(moment.tookMs)}`;
  return `${timeOfDay(model, moment.atMs)} · ${describeEntry(moment, model.strings)}${took}`;
}

function recentEvents(model: PanelModel): TemplateResult {
  const { snapshot, strings } = model;
  const names = new Map(snapshot.sessions.map(session => [session.id, sessionName(session)]));
  return section(model, {
    name: 'events',
    heading: strings.recentEvents,
    body: html`
      <ol class="events">
        ${repeat(
          snapshot.lifecycle.slice(-mostEvents).reverse(),
          entry => `${entry.session} ${entry.kind} ${entry.atMs} ${entry.tool?.name ?? ''}`,
          entry => html`
            <li>
              <time>${timeOfDay(model, entry.atMs)}</time>
              <span class="label">${names.get(entry.session) ?? entry.session}</span>
              <span>${describeEntry(entry, strings)}</span>
            </li>
          `,
        )}
      </ol>
    `,
  });
}
