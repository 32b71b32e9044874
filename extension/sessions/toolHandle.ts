import { violation } from '../../server/shared/protocol/violation.ts';
import { parseOpenedTool, type OpenedTool } from '../../server/shared/protocol/worker.ts';
import type { CallOptions } from '../../server/shared/rpc/callOptions.ts';
import { isRemote } from '../../server/shared/rpc/remoteObject.ts';

/** Something on the other side whose members are known only to whoever calls them. */
export type AnyRemote = Readonly<Record<string, AnyMethod>>;

export interface AnyMethod {
  (...args: readonly unknown[]): PromiseLike<unknown>;
  with(options: CallOptions): AnyMethod;
}

/** A tool in a session, opened once and used by everyone who shares the session. */
export interface ToolHandle {
  readonly remote: AnyRemote;
  readonly opened: OpenedTool;
}

/** Reads a worker's answer, which is not trusted with more than it was asked for. */
export function parseToolHandle(raw: unknown): ToolHandle {
  const { opened, tool } = (raw ?? {}) as { opened?: unknown; tool?: unknown };
  if (!isRemote(tool)) throw violation('a tool that was opened has no reference');
  return { opened: parseOpenedTool(opened), remote: tool as AnyRemote };
}
