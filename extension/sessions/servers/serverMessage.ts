/** A message of the Language Server Protocol, as far as it must be known to measure it. */
export interface ServerMessage {
  readonly jsonrpc: string;
  /** Absent for a notification. */
  readonly id?: number | string | null;
  /** Absent for an answer. */
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export type MessageKind = 'request' | 'notification' | 'answer';

export function kindOf({ id, method }: ServerMessage): MessageKind {
  if (method === undefined) return 'answer';
  return id === undefined ? 'notification' : 'request';
}
