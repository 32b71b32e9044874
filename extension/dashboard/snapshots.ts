import type { Snapshot } from '../../server/shared/protocol/snapshot.ts';
import type { Recorder } from '../metrics/recorder.ts';
import { usageOfTree } from '../sessions/processUsage.ts';

/** The recorder's snapshot, with the memory that each live process and its children use right now. */
export async function takeSnapshot(recorder: Recorder): Promise<Snapshot> {
  const residentBytes = new Map<string, number>();
  await Promise.all(
    Array.from(recorder.livePids, async ([id, pid]) => {
      const usage = await usageOfTree(pid);
      if (usage) residentBytes.set(id, usage.residentBytes);
    }),
  );
  return recorder.snapshot(residentBytes);
}
