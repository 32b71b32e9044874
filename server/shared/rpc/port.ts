import type { BatchOptions, CallOptions } from './callOptions.ts';
import type { OutgoingCall } from './outgoingCall.ts';
import type { RemoteObject } from './remoteObject.ts';

/** What a call can be made on: an object of the other side, or what another call will bring. */
export type Target = RemoteObject | OutgoingCall;

export type Path = readonly string[];

const unnamed = 'the function';

/** For people: what a path leads to. */
export function nameOf(path: Path): string {
  return path.at(-1) ?? unnamed;
}

/** The same in a sentence. */
export function quoted(name: string): string {
  return name === unnamed ? name : `'${name}'`;
}

/** What remotes and results ask of their connection. Calls answer with a proxy for the result. */
export interface Port {
  call(target: Target, path: Path, args: readonly unknown[], options?: CallOptions): object;
  construct(target: Target, path: Path, args: readonly unknown[], options?: CallOptions): object;
  batch(
    target: Target,
    path: Path,
    items: readonly (readonly unknown[])[],
    options?: BatchOptions,
  ): object;
  get(target: Target, path: Path, options?: CallOptions): object;
  set(target: Target, path: Path, value: unknown): object;
  /** Sets as an assignment does: nobody waits for it, and its failure is reported. */
  put(target: Target, path: Path, value: unknown): void;
  /** Calls and waits without turning to anything else. Throws where that cannot be done. */
  callSync(target: Target, path: Path, args: readonly unknown[], options?: CallOptions): unknown;
  /** The result of a call for whoever begins to wait for it now; a failure where that would be for ever. */
  waitFor(call: OutgoingCall): Promise<unknown>;
  /** Asks for the result of a call that was sent without asking. */
  pull(call: OutgoingCall): void;
  /** Nobody needs the result any more. */
  drop(call: OutgoingCall): void;
  /** Has the result dropped when nobody can reach it any more. */
  watchAbandoned(call: OutgoingCall): void;
  release(remote: RemoteObject): void;
}
