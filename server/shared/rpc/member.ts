import { assertOptions, type BatchOptions, type CallOptions } from './callOptions.ts';
import { handleOf } from './handle.ts';
import type { Path, Port, Target } from './port.ts';

type Shell = (new () => object) & (() => unknown);

function remote(): void {
  // The proxy's handler answers for it.
}

/**
 * Stands behind every proxy: something that can be called and constructed, and is never reached. What is bound
 * has no members of its own but these, so that no proxy has to answer for others.
 */
export const shell: Shell = Object.defineProperty(
  remote.bind(undefined) as unknown as Shell,
  'name',
  {
    value: 'remote',
  },
);

/** All proxies share what stands behind them: nothing may be done to it. */
export abstract class ShellHandler implements ProxyHandler<typeof shell> {
  defineProperty(): boolean {
    return false;
  }

  deleteProperty(): boolean {
    return false;
  }

  preventExtensions(): boolean {
    return false;
  }

  setPrototypeOf(): boolean {
    return false;
  }
}

/** What a remote is in a text: what it stands for would have to be asked for. */
export const describeRemote = (): string => '[remote]';

/** A member of something on the other side, by its path: to be called, awaited, or gone further from. */
export class Member extends ShellHandler implements ProxyHandler<typeof shell> {
  private constructor(
    private readonly target: Target,
    private readonly path: Path,
    private readonly options: CallOptions | undefined,
    /** What must live as long as the member does. */
    private readonly holder: object | undefined,
  ) {
    super();
  }

  static of(target: Target, path: Path, options?: CallOptions, holder?: object): object {
    return new Proxy(shell, new Member(target, path, options, holder));
  }

  get port(): Port {
    return this.target.port;
  }

  /** Asks for its value. */
  read(): object {
    return this.port.get(this.target, this.path, this.options);
  }

  get(_shell: unknown, key: string | symbol): unknown {
    const { target, path, options, holder } = this;
    switch (key) {
      case handleOf:
        return this;
      case 'then':
        return (...listeners: Parameters<Promise<unknown>['then']>) =>
          (this.read() as Promise<unknown>).then(...listeners);
      case 'batch':
        return (items: readonly (readonly unknown[])[], more: BatchOptions = {}) => {
          assertOptions('a batch', more);
          return target.port.batch(target, path, items, { ...options, ...more });
        };
      case 'with':
        return (more: CallOptions) => {
          assertOptions('a call', more);
          return Member.of(target, path, { ...options, ...more }, holder);
        };
      case 'sync':
        return (...args: readonly unknown[]) => target.port.callSync(target, path, args, options);
      case Symbol.toPrimitive:
        return describeRemote;
      default:
        return typeof key === 'symbol'
          ? undefined
          : Member.of(target, [...path, key], options, holder);
    }
  }

  set(_shell: unknown, key: string | symbol, value: unknown): boolean {
    if (typeof key === 'symbol') return false;
    this.target.port.put(this.target, [...this.path, key], value);
    return true;
  }

  apply(_shell: unknown, _self: unknown, args: readonly unknown[]): object {
    return this.target.port.call(this.target, this.path, args, this.options);
  }

  construct(_shell: unknown, args: readonly unknown[]): object {
    return this.target.port.construct(this.target, this.path, args, this.options);
  }
}
