import type { IncomingCall } from './incomingCall.ts';

/** Calls of the other side that are not answered, and the bytes that they may hold. */
export class RunningCalls {
  private readonly byId = new Map<number, IncomingCall>();
  private held = 0;

  get size(): number {
    return this.byId.size;
  }

  /** Of their messages. */
  get bytes(): number {
    return this.held;
  }

  get(id: number): IncomingCall | undefined {
    return this.byId.get(id);
  }

  has(id: number): boolean {
    return this.byId.has(id);
  }

  add(call: IncomingCall): void {
    if (this.byId.has(call.id)) return;
    this.byId.set(call.id, call);
    this.held += call.bytes;
  }

  delete(call: IncomingCall): void {
    if (this.byId.delete(call.id)) this.held -= call.bytes;
  }

  /** Gives those that there were. */
  clear(): readonly IncomingCall[] {
    const calls = [...this.byId.values()];
    this.byId.clear();
    this.held = 0;
    return calls;
  }
}
