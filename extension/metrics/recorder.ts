import type { Clock } from '../../server/shared/base/platform.ts';
import type { CallRecord, SessionEvent } from '../../server/shared/protocol/events.ts';
import type {
  LifecycleEntry,
  MethodIdentity,
  SessionSnapshot,
  Snapshot,
} from '../../server/shared/protocol/snapshot.ts';
import { MethodLatency } from './methodLatency.ts';
import { Ring } from './ring.ts';
import { foldSession, toLifecycleEntry } from './sessionFold.ts';

/** Of each tool: one that is asked all the time does not drive out the calls of the others. */
const keptCalls = 100;
/** Of each tool: a language server names its methods as it likes. */
const mostMethods = 200;
const mostTools = 100;
/** Stands for the methods, and for the tools, that came when there were that many. */
const others = '…';
const keptMoments = 300;
const keptClosedSessions = 10;

interface ToolCalls {
  readonly methods: Map<string, MethodLatency>;
  readonly recent: Ring<CallRecord>;
}

/** Folds session events into the numbers that panel, status and diagnostics show. */
export class Recorder {
  private readonly sessions = new Map<string, SessionSnapshot>();
  private readonly lifecycle = new Ring<LifecycleEntry>(keptMoments);
  private readonly tools = new Map<string, ToolCalls>();
  private windowStartedAtMs: number;

  constructor(private readonly clock: Clock) {
    this.windowStartedAtMs = clock.now();
  }

  record(event: SessionEvent): void {
    const folded = foldSession(this.sessions.get(event.session), event);
    if (folded) this.sessions.set(event.session, folded);
    if (event.kind === 'called') this.recordCall(event.call);
    if (event.kind === 'closed') this.forgetOldest();
    const moment = toLifecycleEntry(event);
    if (moment) this.lifecycle.add(moment);
  }

  /** Starts a new window of statistics. What sessions there are, and their history, stays. */
  reset(): void {
    this.tools.clear();
    this.windowStartedAtMs = this.clock.now();
  }

  /** Process ids of the sessions that run, by session id. */
  get livePids(): ReadonlyMap<string, number> {
    const live = [...this.sessions.values()].filter(isLive);
    return new Map(live.flatMap(({ id, pid }) => (pid === undefined ? [] : [[id, pid]])));
  }

  /** `residentBytes` by session id, as far as it is known. */
  snapshot(residentBytes: ReadonlyMap<string, number> = new Map()): Snapshot {
    const takenAtMs = this.clock.now();
    const sessions = [...this.sessions.values()].map(session => {
      const bytes = session.state === 'closed' ? undefined : residentBytes.get(session.id);
      return bytes === undefined ? session : { ...session, residentBytes: bytes };
    });
    const tools = [...this.tools.values()];
    return {
      takenAtMs,
      epochOffsetMs: Date.now() - takenAtMs,
      sessions: [
        ...sessions.filter(session => isLive(session) && !isSpare(session)),
        ...sessions.filter(session => isLive(session) && isSpare(session)),
        ...sessions.filter(session => !isLive(session)).reverse(),
      ],
      lifecycle: this.lifecycle.toArray(),
      methods: tools.flatMap(({ methods }) => [...methods.values()].map(one => one.statistics)),
      recentCalls: tools.flatMap(({ recent }) => recent.toArray()).sort(byEnd),
      windowStartedAtMs: this.windowStartedAtMs,
    };
  }

  private recordCall(call: CallRecord): void {
    const isCounted = this.tools.has(call.tool) || this.tools.size < mostTools;
    const tool = isCounted ? call.tool : others;
    let calls = this.tools.get(tool);
    if (!calls) this.tools.set(tool, (calls = { methods: new Map(), recent: new Ring(keptCalls) }));
    latencyOf({ ...identityOf(call), tool }, calls.methods).record(call);
    if (!call.isNotification) calls.recent.add(call);
  }

  private forgetOldest(): void {
    const closed = [...this.sessions.values()].filter(session => !isLive(session));
    for (const { id } of closed.slice(0, -keptClosedSessions)) this.sessions.delete(id);
  }
}

function latencyOf(identity: MethodIdentity, methods: Map<string, MethodLatency>): MethodLatency {
  const key = JSON.stringify(identity);
  const known = methods.get(key);
  if (known) return known;
  if (methods.size >= mostMethods && identity.method !== others) {
    return latencyOf({ ...identity, method: others }, methods);
  }
  const latency = new MethodLatency(identity);
  methods.set(key, latency);
  return latency;
}

function identityOf({ tool, method, from, isNotification }: CallRecord): MethodIdentity {
  return { tool, method, ...(from && { from }), ...(isNotification && { isNotification }) };
}

/** Calls are recorded when they end. */
function byEnd(one: CallRecord, other: CallRecord): number {
  return endedAtMs(one) - endedAtMs(other);
}

function endedAtMs({ askedAtMs, queueMs, transportMs, runMs, replyMs }: CallRecord): number {
  return askedAtMs + queueMs + transportMs + runMs + replyMs;
}

function isSpare({ cause }: SessionSnapshot): boolean {
  return cause === 'spare';
}

function isLive({ state }: SessionSnapshot): boolean {
  return state !== 'closed';
}
