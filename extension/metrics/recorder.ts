import type { Clock } from '../../server/shared/base/platform.ts';
import type { CallRecord, SessionEvent } from '../../server/shared/protocol/events.ts';
import type {
  LifecycleEntry,
  SessionSnapshot,
  Snapshot,
} from '../../server/shared/protocol/snapshot.ts';
import { MethodLatency } from './methodLatency.ts';
import { Ring } from './ring.ts';
import { foldSession, toLifecycleEntry } from './sessionFold.ts';

const keptCalls = 200;
const keptMoments = 300;
const keptClosedSessions = 10;

/** Folds session events into the numbers that panel, status and diagnostics show. */
export class Recorder {
  private readonly sessions = new Map<string, SessionSnapshot>();
  private readonly lifecycle = new Ring<LifecycleEntry>(keptMoments);
  private readonly calls = new Ring<CallRecord>(keptCalls);
  private readonly methods = new Map<string, MethodLatency>();
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
    this.methods.clear();
    this.calls.clear();
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
    return {
      takenAtMs,
      epochOffsetMs: Date.now() - takenAtMs,
      sessions: [
        ...sessions.filter(session => isLive(session) && !isSpare(session)),
        ...sessions.filter(session => isLive(session) && isSpare(session)),
        ...sessions.filter(session => !isLive(session)).reverse(),
      ],
      lifecycle: this.lifecycle.toArray(),
      methods: [...this.methods.values()].map(method => method.statistics),
      recentCalls: this.calls.toArray(),
      windowStartedAtMs: this.windowStartedAtMs,
    };
  }

  private recordCall(call: CallRecord): void {
    this.calls.add(call);
    const key = `${call.tool}.${call.method}`;
    let latency = this.methods.get(key);
    if (!latency) {
      latency = new MethodLatency(call.tool, call.method);
      this.methods.set(key, latency);
    }
    latency.record(call);
  }

  private forgetOldest(): void {
    const closed = [...this.sessions.values()].filter(session => !isLive(session));
    for (const { id } of closed.slice(0, -keptClosedSessions)) this.sessions.delete(id);
  }
}

function isSpare({ cause }: SessionSnapshot): boolean {
  return cause === 'spare';
}

function isLive({ state }: SessionSnapshot): boolean {
  return state !== 'closed';
}
