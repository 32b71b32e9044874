import { html, type ElementPart, type TemplateResult } from 'lit';
import { AsyncDirective } from 'lit/async-directive.js';
import { directive } from 'lit/directive.js';
import uPlot from 'uplot';
import type { Snapshot } from '../../server/shared/protocol/snapshot.ts';
import { methodName, totalMs, type LatencySeries } from '../callTimes.ts';
import { timeOfDay, type PanelModel } from '../panelModel.ts';

const heightPx = 176;
const leastMs = 0.01; // a logarithmic scale has no zero
/** By series; the legend's swatches follow the same order. */
export const seriesColors = ['blue', 'green', 'purple', 'yellow', 'red'];

/** Total latencies of recent calls over time, a point per call. */
export function latencyChart(model: PanelModel, series: LatencySeries): TemplateResult {
  const label = model.strings.latencyChart;
  return html`<div class="chart" role="img" aria-label=${label} ${plot(model, series)}></div>`;
}

/** Keeps one uPlot for as long as its element is on the page. */
class PlotDirective extends AsyncDirective {
  private chart: Chart | undefined;

  override render(_model: PanelModel, _series: LatencySeries): void {}

  override update(part: ElementPart, [model, series]: [PanelModel, LatencySeries]): void {
    if (!this.chart?.shows(series)) {
      this.chart?.dispose();
      this.chart = new Chart(part.element as HTMLElement, model, series);
    }
    this.chart.show(model, series);
  }

  override disconnected(): void {
    this.chart?.dispose();
    this.chart = undefined;
  }
}

const plot = directive(PlotDirective);

class Chart {
  private readonly plot: uPlot;
  private readonly readout = document.createElement('div');
  private readonly resizing: ResizeObserver;
  private readonly theming: MutationObserver;
  private drawn: Snapshot | undefined;

  constructor(
    private readonly element: HTMLElement,
    private model: PanelModel,
    private series: LatencySeries,
  ) {
    this.plot = new uPlot(this.options(), undefined, element);
    this.readout.className = 'readout';
    element.append(this.readout);
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(element);
    this.theming = new MutationObserver(() => this.plot.redraw(false));
    this.theming.observe(document.body, { attributeFilter: ['class'] });
  }

  /** The same series: new points are data, not another chart. */
  shows(series: LatencySeries): boolean {
    return series.names.join() === this.series.names.join();
  }

  show(model: PanelModel, series: LatencySeries): void {
    if (model.snapshot === this.drawn) return;
    this.drawn = model.snapshot;
    this.model = model;
    this.series = series;
    const { epochOffsetMs } = model.snapshot;
    const times = series.calls.map(call => Math.round(call.askedAtMs + epochOffsetMs));
    const totals = series.totals.map(row =>
      row.map(ms => (ms === null ? null : Math.max(ms, leastMs))),
    );
    this.plot.setData([times, ...totals]);
  }

  dispose(): void {
    this.resizing.disconnect();
    this.theming.disconnect();
    this.plot.destroy();
    this.readout.remove();
  }

  private fit(): void {
    this.plot.setSize({ width: this.element.clientWidth, height: heightPx });
  }

  private options(): uPlot.Options {
    return {
      width: this.element.clientWidth,
      height: heightPx,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      hooks: { setCursor: [plot => this.read(plot.cursor.idx)] },
      ms: 1,
      padding: [24, 40, 0, 0],
      scales: { x: { range: aMinuteAtLeast }, y: { distr: 3 } },
      axes: [
        {
          ...this.axisColors(),
          size: 32,
          space: 100,
          values: (_plot, times) => times.map(at => this.model.format.time(at)),
        },
        {
          ...this.axisColors(onlyDecades),
          size: 80,
          values: (_plot, decades) =>
            decades.map((ms: number | null) => ms && this.model.format.roughMilliseconds(ms)),
        },
      ],
      series: [{}, ...this.series.names.map((_name, index) => this.points(index))],
    };
  }

  /** Says which call lies under the pointer. */
  private read(index: number | null | undefined): void {
    const call = this.series.calls[index ?? -1];
    this.readout.textContent = call
      ? [
          timeOfDay(this.model, call.askedAtMs),
          methodName(call),
          call.subject ?? '–',
          this.model.format.milliseconds(totalMs(call)),
        ].join(' · ')
      : '';
  }

  private points(index: number): uPlot.Series {
    const color = () => this.color(`--vscode-charts-${seriesColors[index % seriesColors.length]}`);
    return { stroke: color, paths: () => null, points: { show: true, size: 6, fill: color } };
  }

  private axisColors(filter?: uPlot.Axis.Filter): uPlot.Axis {
    const line = { stroke: () => this.color('--line'), width: 1, ...(filter && { filter }) };
    return { stroke: () => this.color('--muted'), grid: line, ticks: line };
  }

  private color(name: string): string {
    return getComputedStyle(document.body).getPropertyValue(name);
  }
}

/** A few calls stand at the right, where the next ones come. */
function aMinuteAtLeast({ data: [times] }: uPlot, first: number, last: number): [number, number] {
  const newest = times.at(-1) ?? last; // of a single call, the chart makes a range by itself
  return [Math.min(times[0] ?? first, newest - 60_000), newest];
}

/** Nine lines per decade would be more grid than points. */
function onlyDecades(_plot: uPlot, splits: number[]): (number | null)[] {
  return splits.map(ms => (Number.isInteger(Math.log10(ms)) ? ms : null));
}
