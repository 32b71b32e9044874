import { Emitter } from '../server/shared/base/event.ts';
import type { Snapshot } from '../server/shared/protocol/snapshot.ts';
import { parseViewState, type ViewState } from './viewState.ts';

/** Where the view state is kept while the page is gone. */
export interface ViewMemory {
  getState(): unknown;
  setState(state: ViewState): void;
}

/** All that the panel draws. Everything on screen is a function of this. */
export class Store {
  private readonly changed = new Emitter<void>();
  private latest: { readonly snapshot: Snapshot; readonly shownAtMs: number } | undefined;
  private arrangement: ViewState;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly memory: ViewMemory,
    private readonly now: () => number,
  ) {
    this.arrangement = parseViewState(memory.getState());
  }

  get snapshot(): Snapshot | undefined {
    return this.latest?.snapshot;
  }

  get view(): ViewState {
    return this.arrangement;
  }

  /** The host's monotonic clock, carried on between snapshots by our own. */
  get nowMs(): number {
    if (!this.latest) return 0;
    return this.latest.snapshot.takenAtMs + (this.now() - this.latest.shownAtMs);
  }

  show(snapshot: Snapshot): void {
    this.latest = { snapshot, shownAtMs: this.now() };
    this.changed.fire();
  }

  arrange(change: Partial<ViewState>): void {
    this.arrangement = { ...this.arrangement, ...change };
    this.memory.setState(this.arrangement);
    this.changed.fire();
  }
}
