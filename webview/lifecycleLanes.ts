import type {
  LifecycleEntry,
  SessionSnapshot,
  Snapshot,
} from '../server/shared/protocol/snapshot.ts';
import { percent } from './percent.ts';

const shortestRangeMs = 10_000;
const longestRangeMs = 3_600_000;
const tickStepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900].map(seconds => seconds * 1000);
const mostTicks = 6;

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Span extends TimeRange {
  readonly state: 'starting' | 'ready' | 'draining';
}

/** The life of one session, cut to the range. */
export interface Lane {
  readonly session: SessionSnapshot;
  readonly spans: readonly Span[];
  readonly moments: readonly LifecycleEntry[];
}

/** From the oldest launch to now, at most an hour. */
export function timelineRange(sessions: readonly SessionSnapshot[], nowMs: number): TimeRange {
  const oldestMs = Math.min(...sessions.map(session => session.launchedAtMs));
  const lengthMs = Math.min(Math.max(nowMs - oldestMs, shortestRangeMs), longestRangeMs);
  return { fromMs: nowMs - lengthMs, toMs: nowMs };
}

export function lifecycleLanes(snapshot: Snapshot, range: TimeRange): readonly Lane[] {
  return snapshot.sessions
    .map(session => {
      const entries = snapshot.lifecycle.filter(entry => entry.session === session.id);
      return {
        session,
        spans: spansOf(session, entries, range.toMs).flatMap(span => clip(span, range)),
        moments: entries.filter(({ kind, atMs }) => isMoment(kind) && atMs >= range.fromMs),
      };
    })
    .filter(lane => lane.spans.length > 0);
}

/** What has a mark of its own; the rest shows as the beginning of a span. */
function isMoment(kind: LifecycleEntry['kind']): boolean {
  return ['adopted', 'toolOpened', 'slow', 'suspended', 'resumed', 'closed'].includes(kind);
}

/** Launch and readiness are taken from the session, since the list of entries forgets old ones. */
function spansOf(
  session: SessionSnapshot,
  entries: readonly LifecycleEntry[],
  nowMs: number,
): readonly Span[] {
  const starts: readonly (readonly [Span['state'], number | undefined])[] = [
    ['starting', session.launchedAtMs],
    ['ready', session.readyAtMs],
    ['draining', entries.find(entry => entry.kind === 'draining')?.atMs],
  ];
  const known = starts.flatMap(([state, fromMs]) =>
    fromMs === undefined ? [] : { state, fromMs },
  );
  return known.map((start, index) => ({
    ...start,
    toMs: known[index + 1]?.fromMs ?? session.closedAtMs ?? nowMs,
  }));
}

function clip(span: Span, range: TimeRange): Span[] {
  if (span.toMs < range.fromMs) return [];
  return [{ ...span, fromMs: Math.max(span.fromMs, range.fromMs) }];
}

/** Round times of day within the range, few enough to be read. */
export function axisTicks(
  range: TimeRange,
  epochOffsetMs: number,
): { readonly stepMs: number; readonly atMs: readonly number[] } {
  const lengthMs = range.toMs - range.fromMs;
  const stepMs = tickStepsMs.find(step => lengthMs / step <= mostTicks) ?? longestRangeMs;
  const atMs: number[] = [];
  const firstEpochMs = Math.ceil((range.fromMs + epochOffsetMs) / stepMs) * stepMs;
  for (let at = firstEpochMs - epochOffsetMs; at <= range.toMs; at += stepMs) atMs.push(at);
  return { stepMs, atMs };
}

/** Where a moment lies in the range, as an SVG length. */
export function position(atMs: number, range: TimeRange): string {
  return percent((atMs - range.fromMs) / (range.toMs - range.fromMs));
}

/** How much of the range a span takes, as an SVG length. */
export function extent(span: TimeRange, range: TimeRange): string {
  return percent((span.toMs - span.fromMs) / (range.toMs - range.fromMs));
}
