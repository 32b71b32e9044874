import type { CloseReason } from '../../server/shared/protocol/events.ts';
import { unreachable } from '../../server/shared/base/unreachable.ts';

export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'draining'; readonly reason: CloseReason }
  | { readonly kind: 'closed'; readonly reason: CloseReason };

/** States only move forward; one that was reached or passed is not entered again. */
export function canMove(from: SessionState, to: SessionState): boolean {
  return rank(to) > rank(from);
}

export function canCall(state: SessionState): boolean {
  switch (state.kind) {
    case 'ready':
      return true;
    case 'starting':
    case 'draining':
    case 'closed':
      return false;
    default:
      return unreachable(state);
  }
}

function rank(state: SessionState): number {
  switch (state.kind) {
    case 'starting':
      return 0;
    case 'ready':
      return 1;
    case 'draining':
      return 2;
    case 'closed':
      return 3;
    default:
      return unreachable(state);
  }
}
