import type { CloseReason, ToolInfo } from '../server/shared/protocol/events.ts';
import type { DashboardStrings } from '../server/shared/protocol/dashboard.ts';
import type { LifecycleEntry } from '../server/shared/protocol/snapshot.ts';
import { fill } from './strings.ts';

export function describeReason(reason: CloseReason, strings: DashboardStrings): string {
  const words = strings.reasons[reason.kind];
  return reason.detail ? `${words}: ${reason.detail}` : words;
}

export function describeTool(tool: ToolInfo): string {
  return `${tool.name} ${tool.version}`;
}

/** Whether a session ended in a way that nobody wished for. */
export function isFailure(reason: CloseReason | undefined): boolean {
  switch (reason?.kind) {
    case 'launchFailed':
    case 'exited':
    case 'stuck':
    case 'memory':
    case 'processes':
    case 'processor':
    case 'protocol':
      return true;
    case 'idle':
    case 'requested':
    case 'displaced':
    case 'shutdown':
    case 'stale':
    case 'recycled':
    case undefined:
      return false;
  }
}

export function describeEntry(entry: LifecycleEntry, strings: DashboardStrings): string {
  switch (entry.kind) {
    case 'launching':
      return withDetail(strings.states.starting, causeOf(entry, strings));
    case 'adopted':
      return withDetail(strings.adopted, causeOf(entry, strings));
    case 'slow':
      return fill(strings.slow, entry.detail ?? '');
    case 'suspended':
      return fill(strings.suspended, entry.detail ?? '');
    case 'resumed':
      return strings.resumed;
    case 'ready':
      return strings.states.ready;
    case 'toolOpened':
      return fill(strings.opened, entry.tool ? describeTool(entry.tool) : '');
    case 'draining':
    case 'closed':
      return withDetail(
        strings.states[entry.kind],
        entry.reason && describeReason(entry.reason, strings),
      );
  }
}

function causeOf({ cause, detail }: LifecycleEntry, strings: DashboardStrings) {
  if (!cause) return detail;
  return detail ? `${strings.causes[cause]}: ${detail}` : strings.causes[cause];
}

function withDetail(words: string, detail: string | undefined): string {
  return detail ? `${words} (${detail})` : words;
}
