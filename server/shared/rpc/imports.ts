import type { Limits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import type { Port } from './port.ts';
import { RemoteHandler, RemoteObject } from './remoteObject.ts';

interface Imported {
  readonly remote: RemoteObject;
  handler: WeakRef<RemoteHandler>;
}

/** Objects of the other side that are in use here: the same object is the same proxy. */
export class Imports {
  private readonly byNumber = new Map<number, Imported>();
  private readonly collected = new FinalizationRegistry<Imported>(imported => {
    // It may have come again meanwhile, with a handler of its own.
    if (!imported.handler.deref()) this.port.release(imported.remote);
  });

  constructor(
    private readonly port: Port,
    private readonly limits: Limits,
  ) {}

  get size(): number {
    return this.byNumber.size;
  }

  /** The other side has sent this object. Throws `protocol.violation` for more than may be in use. */
  receive(number: number, isFunction: boolean): object {
    const known = this.byNumber.get(number);
    const handler = known?.handler.deref();
    if (known && handler) {
      known.remote.times++;
      return handler.proxy;
    }
    if (!known && this.byNumber.size >= this.limits.maxReferences) {
      throw violation('too many objects in use');
    }
    const remote = known?.remote ?? new RemoteObject(this.port, number, isFunction);
    remote.times++;
    return this.handle(remote, known).proxy;
  }

  /** Forgets it; false when it was forgotten before. */
  remove(remote: RemoteObject): boolean {
    if (remote.isReleased) return false;
    remote.isReleased = true;
    return this.byNumber.delete(remote.number);
  }

  clear(): void {
    for (const { remote } of this.byNumber.values()) remote.isReleased = true;
    this.byNumber.clear();
  }

  private handle(remote: RemoteObject, known: Imported | undefined): RemoteHandler {
    const handler = new RemoteHandler(remote);
    const imported = known ?? { remote, handler: new WeakRef(handler) };
    imported.handler = new WeakRef(handler);
    this.byNumber.set(remote.number, imported);
    this.collected.register(handler, imported);
    return handler;
  }
}
