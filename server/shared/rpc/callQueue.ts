import type { IncomingCall } from './incomingCall.ts';

/**
 * Calls that can run; the next one is the one that came first, whenever it could. A binary heap: thousands
 * may wait, and any of them may come to the front when what it depends on is there.
 */
export class CallQueue {
  private readonly calls: IncomingCall[] = [];

  get size(): number {
    return this.calls.length;
  }

  add(call: IncomingCall): void {
    const { calls } = this;
    let at = calls.length;
    for (; at > 0; at = parentOf(at)) {
      const parent = calls[parentOf(at)]!;
      if (parent.order < call.order) break;
      calls[at] = parent;
    }
    calls[at] = call;
  }

  take(): IncomingCall | undefined {
    const { calls } = this;
    const [first] = calls;
    const last = calls.pop();
    if (last && last !== first) this.sink(last);
    return first;
  }

  clear(): void {
    this.calls.length = 0;
  }

  /** Puts the call where the first one was, and then below all that came before it. */
  private sink(call: IncomingCall): void {
    const { calls } = this;
    let at = 0;
    for (let child = 1; child < calls.length; child = 2 * at + 1) {
      const other = calls[child + 1];
      if (other && other.order < calls[child]!.order) child++;
      if (calls[child]!.order > call.order) break;
      calls[at] = calls[child]!;
      at = child;
    }
    calls[at] = call;
  }
}

function parentOf(at: number): number {
  return (at - 1) >> 1;
}
