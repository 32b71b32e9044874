import { unreachable } from '../../server/shared/base/unreachable.ts';
import type { SessionEvent } from '../../server/shared/protocol/events.ts';
import type { LifecycleEntry, SessionSnapshot } from '../../server/shared/protocol/snapshot.ts';

/** What is known of a session after one more event; undefined for an event of one never launched. */
export function foldSession(
  known: SessionSnapshot | undefined,
  event: SessionEvent,
): SessionSnapshot | undefined {
  if (event.kind === 'launching') {
    const { session, key, label, cause, atMs } = event;
    return {
      id: session,
      key,
      label,
      cause,
      state: 'starting',
      tools: [],
      leases: 0,
      calls: 0,
      launchedAtMs: atMs,
    };
  }
  if (!known) return undefined;
  switch (event.kind) {
    case 'ready':
      return {
        ...known,
        state: 'ready',
        pid: event.pid,
        runtime: event.runtime,
        confinement: event.confinement,
        readyAtMs: event.atMs,
      };
    case 'toolOpened':
      return { ...known, tools: [...known.tools, event.tool] };
    case 'leases':
      return { ...known, leases: event.leases };
    case 'called':
      return event.call.isNotification ? known : { ...known, calls: known.calls + 1 };
    case 'adopted': {
      const { key, label, cause } = event;
      return { ...known, key, label, cause };
    }
    case 'slow':
    case 'suspended':
    case 'resumed':
      return known;
    case 'draining':
      return { ...known, state: 'draining', reason: event.reason };
    case 'closed':
      return { ...known, state: 'closed', leases: 0, reason: event.reason, closedAtMs: event.atMs };
    default:
      return unreachable(event);
  }
}

/** The event as a moment on the timeline, or undefined for what is too frequent to be one. */
export function toLifecycleEntry(event: SessionEvent): LifecycleEntry | undefined {
  const { session, atMs } = event;
  switch (event.kind) {
    case 'launching':
    case 'adopted': {
      const { kind, cause, detail } = event;
      return { session, atMs, kind, cause, ...(detail !== undefined && { detail }) };
    }
    case 'slow':
    case 'suspended':
      return { session, atMs, kind: event.kind, detail: event.detail };
    case 'ready':
    case 'resumed':
      return { session, atMs, kind: event.kind };
    case 'toolOpened':
      return { session, atMs, kind: event.kind, tool: event.tool, tookMs: event.tookMs };
    case 'draining':
    case 'closed':
      return { session, atMs, kind: event.kind, reason: event.reason };
    case 'leases':
    case 'called':
      return undefined;
    default:
      return unreachable(event);
  }
}
