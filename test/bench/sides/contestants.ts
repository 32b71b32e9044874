import { capnweb } from './capnweb.ts';
import { comlinkProcess, comlinkThread } from './comlink.ts';
import { direct } from './direct.ts';
import { forkMessages } from './forkMessages.ts';
import { greenroom } from './greenroom.ts';
import { tinypoolProcess, workerpoolProcess } from './pools.ts';
import type { Contestant } from './side.ts';
import { vscodeJsonrpc } from './vscodeJsonrpc.ts';

export const contestants: readonly Contestant[] = [
  direct,
  greenroom,
  forkMessages('json'),
  forkMessages('advanced'),
  vscodeJsonrpc('ipc'),
  vscodeJsonrpc('stdio'),
  comlinkThread,
  comlinkProcess,
  workerpoolProcess,
  tinypoolProcess,
  capnweb,
];
