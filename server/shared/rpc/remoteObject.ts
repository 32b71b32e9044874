import { GreenroomError } from '../errors.ts';
import { getHandle, handleOf } from './handle.ts';
import { describeRemote, Member, shell, ShellHandler } from './member.ts';
import type { Port } from './port.ts';

/** So many members of one object are remembered; a module has hardly more, a dictionary may. */
const maxMembers = 64;

/** An object or function of the other side, as far as this side knows it. */
export class RemoteObject {
  /** How often the other side has sent it; so often it is released. */
  times = 0;
  isReleased = false;

  constructor(
    readonly port: Port,
    readonly number: number,
    readonly isFunction: boolean,
  ) {}
}

/**
 * The handler of the proxy that stands for a remote object. Its members hold it, so it lives as long
 * as anyone can still reach the object.
 */
export class RemoteHandler extends ShellHandler implements ProxyHandler<typeof shell> {
  readonly proxy: object = new Proxy(shell, this);
  private members: Map<string, object> | undefined;

  constructor(readonly remote: RemoteObject) {
    super();
  }

  get(_shell: unknown, key: string | symbol): unknown {
    if (typeof key === 'string') {
      // What can be awaited would be: a remote is what awaiting brings.
      return key === 'then' ? undefined : this.member(key);
    }
    if (key === handleOf) return this.remote;
    if (key === Symbol.toPrimitive) return describeRemote;
    return key === Symbol.dispose ? () => this.remote.port.release(this.remote) : undefined;
  }

  set(_shell: unknown, key: string | symbol, value: unknown): boolean {
    if (typeof key === 'symbol') return false;
    this.remote.port.put(this.remote, [key], value);
    return true;
  }

  apply(_shell: unknown, _self: unknown, args: readonly unknown[]): object {
    return this.remote.port.call(this.remote, [], args);
  }

  construct(_shell: unknown, args: readonly unknown[]): object {
    return this.remote.port.construct(this.remote, [], args);
  }

  private member(key: string): object {
    let member = this.members?.get(key);
    if (!member) {
      member = this.ofFunction(key) ?? Member.of(this.remote, [key], undefined, this);
      this.members ??= new Map();
      if (this.members.size < maxMembers) this.members.set(key, member);
    }
    return member;
  }

  /**
   * A function is batched, given options and called synchronously as a method is; and otherwise as every
   * function is, which an `EventEmitter` does.
   */
  private ofFunction(key: string): object | undefined {
    if (!this.remote.isFunction) return undefined;
    if (['apply', 'bind', 'call'].includes(key)) return everyFunction[key];
    if (!['batch', 'with', 'sync'].includes(key)) return undefined;
    const itself = Member.of(this.remote, [], undefined, this);
    return (itself as Readonly<Record<string, object>>)[key];
  }
}

const everyFunction = Function.prototype as unknown as Readonly<Record<string, object>>;

export function released(Kind = GreenroomError): GreenroomError {
  return new Kind('reference.released', 'the remote object has been released');
}

/** Whether a value stands for an object of the other side. */
export function isRemote(value: unknown): value is object {
  return typeof value === 'function' && getHandle(value) instanceof RemoteObject;
}
