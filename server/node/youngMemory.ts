import { Buffer } from 'node:buffer';
import process from 'node:process';

type Collect = (options: { readonly type: 'minor' }) => void;

/** After so many bytes. Measured: with 2 MiB as fast, from 8 MiB on V8 begins to mark by itself. */
const everyBytes = 4 * 1024 * 1024;

/**
 * Memory for large bytes that have arrived, most of which are needed for a moment only. V8 answers to
 * every few tens of MiB of them by marking its whole heap, which takes 5 to 10 ms; the collection of
 * young objects alone, which takes a fifth of one, would have freed them. So that is done here, now and
 * then, while large bytes keep coming. Measured with a worker that is sent 512 KiB again and again: it
 * takes two thirds of the time, and the worker half of its memory.
 */
export class YoungMemory {
  private sinceBytes = 0;

  constructor(private readonly findCollect: () => Collect | undefined = collectOfEngine) {}

  /** Not cleared: whoever asks for it fills it. */
  allocate(length: number): Uint8Array<ArrayBuffer> {
    this.sinceBytes += length;
    if (this.sinceBytes >= everyBytes) {
      this.sinceBytes = 0;
      this.findCollect()?.({ type: 'minor' });
    }
    return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  }
}

/** Null where it has none to show. */
let ofEngine: Collect | null | undefined;

/**
 * V8 shows its collector to programs that were started with a flag, and to contexts that are made while
 * the flag is set. Not in Electron, which may have locked its flags: to set one would end the process.
 */
function collectOfEngine(): Collect | undefined {
  if (ofEngine !== undefined || process.versions['electron']) return ofEngine ?? undefined;
  // Loading these takes most of a millisecond, which few workers need to pay.
  const { getBuiltinModule: load } = process as Partial<typeof process>; // from Node 20.16 on
  const v8 = load?.('node:v8');
  const vm = load?.('node:vm');
  if (!v8 || !vm) return undefined;
  v8.setFlagsFromString('--expose-gc');
  ofEngine = (vm.runInNewContext('globalThis.gc') as Collect | undefined) ?? null;
  if (!globalThis.gc) v8.setFlagsFromString('--no-expose-gc');
  return ofEngine ?? undefined;
}
