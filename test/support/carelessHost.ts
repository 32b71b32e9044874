import process from 'node:process';
import { openGreenroom } from '../../extension/api.ts';
import { workshopFile, type Workshop } from './modules.ts';
import { workerPath } from './sessions.ts';

/**
 * A program that opens a session and does not close it. Tells the session's process id, then goes on
 * as its first argument says; the second is where large bytes cross.
 */
const [, , way, folder] = process.argv;
const greenroom = openGreenroom({ workerPath, segmentFolder: folder! });
const session = await greenroom.openSession({
  shareKey: 'careless',
  cwd: import.meta.dirname,
  confinement: { mode: 'off' }, // its process id is to be the machine's
});
const workshop = session.load<Workshop>(workshopFile);
await workshop.mirror(new Uint8Array(1024 * 1024));
const say = (word: unknown): void => void process.stdout.write(`${String(word)}\n`);
say(await workshop.pid());

const ways: Record<string, () => unknown> = {
  isIdle: () => undefined,
  exits: () => process.exit(0),
  calls: async () => {
    await workshop.later(300);
    say('answered');
  },
  closes: async () => {
    await new Promise(resolve => setTimeout(resolve, 100)); // idle for so long that it was let go
    await greenroom.close();
    say('closed');
  },
};
await ways[way!]!();
