import type { Snapshot } from '../server/shared/protocol/snapshot.ts';

/** What `extensions.getExtension('greenroom.greenroom').exports` offers to other extensions. */
export interface GreenroomApi {
  /** Sessions, latencies and recent calls as the panel shows them. */
  snapshot(): Promise<Snapshot>;
  /** Starts the sessions of every folder and open document; resolves with how many are warm. */
  prewarm(): Promise<number>;
}
