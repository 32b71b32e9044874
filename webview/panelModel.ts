import type { DashboardStrings } from '../server/shared/protocol/dashboard.ts';
import type { Snapshot } from '../server/shared/protocol/snapshot.ts';
import type { PanelActions } from './actions.ts';
import type { Formats } from './format.ts';
import type { ViewState } from './viewState.ts';

/** What one drawing of the panel is made from. */
export interface PanelModel {
  readonly snapshot: Snapshot;
  /** The host's monotonic clock at the time of drawing. */
  readonly nowMs: number;
  readonly view: ViewState;
  readonly strings: DashboardStrings;
  readonly format: Formats;
  readonly actions: PanelActions;
  readonly arrange: (change: Partial<ViewState>) => void;
}

/** Time of day of a moment on the host's monotonic clock. */
export function timeOfDay({ snapshot, format }: PanelModel, atMs: number): string {
  return format.time(atMs + snapshot.epochOffsetMs);
}
