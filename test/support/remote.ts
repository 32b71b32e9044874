import type { RemoteFunction } from '../../server/shared/rpc/remoteTypes.ts';

export type { Remote, RemoteResult } from '../../server/shared/rpc/remoteTypes.ts';

/** A method of which only the result is known. */
export type RemoteMethod<R> = RemoteFunction<(...args: unknown[]) => R>;

/** Why a call has failed. (`expect(…).rejects` would call the result, because it can be called.) */
export async function failureOf(call: PromiseLike<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await call;
  } catch (error) {
    return error;
  }
  throw new Error(`the call has not failed, but brought ${String(result)}`);
}
