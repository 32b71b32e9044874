import type { ToolSpec } from '../../../server/shared/protocol/worker.ts';
import type { LaunchSpec } from '../launchSpec.ts';
import type { ShareKey } from '../shareKey.ts';

/** What a caller must say to get a session. */
export interface SessionRequest {
  readonly key: ShareKey;
  /** Shared with requests for other versions of the same thing, whose sessions a new one ends. */
  readonly family?: string;
  /** For people: whose session this is. */
  readonly label: string;
  readonly launch: LaunchSpec;
  /** Opened whenever the session is started ahead of need. */
  readonly tools: readonly ToolSpec[];
  /** How many processes there may be under the key, and how many are started ahead of need. */
  readonly replicas?: { readonly min: number; readonly max: number };
  /** Every call gets a process of its own, which ends with it. */
  readonly isOneShot?: boolean;
}
