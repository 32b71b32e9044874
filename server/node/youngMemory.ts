import { Buffer } from 'node:buffer';
import process from 'node:process';

type Collect = (options: { readonly type: 'minor' }) => void;

/** After so many bytes. Measured: with 1 MiB slower, with 8 too, as they are in no cache then. */
const everyBytes = 3 * 1024 * 1024;

/**
 * Memory for large bytes that have arrived, most of which are needed for a moment only. V8 answers to
 * every few tens of MiB of them by marking its whole heap, which takes 5 to 10 ms; the collection of
 * young objects alone, which takes a tenth of one, would have freed them. So that is done here, now and
 * then, while large bytes keep coming: at the next turn of the event loop, when the other side is at
 * work again. Measured with a worker that is sent 512 KiB again and again: it takes half of the time,
 * and the worker half of its memory.
 */
export class YoungMemory {
  private sinceBytes = 0;
  private isDue = false;

  constructor(private readonly findCollect: () => Collect | undefined = collectOfEngine) {}

  /** Not cleared: whoever asks for it fills it. */
  allocate(length: number): Uint8Array<ArrayBuffer> {
    keepFreedMemory();
    this.sinceBytes += length;
    // Who waits for answers without an event loop, or is sent much in one turn, has it done at once.
    if (this.sinceBytes >= 2 * everyBytes) this.collect();
    else if (this.sinceBytes >= everyBytes && !this.isDue) {
      this.isDue = true;
      setImmediate(() => {
        this.isDue = false;
        if (this.sinceBytes >= everyBytes) this.collect();
      });
    }
    return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  }

  private collect(): void {
    this.sinceBytes = 0;
    this.findCollect()?.({ type: 'minor' });
  }
}

let isKept = false;

/**
 * Memory that goes back to the system when it is freed has every page cleared when it is taken anew,
 * which takes several times as long as to fill it: measured, 512 KiB there and back took twice the time
 * in one process of three. The GNU C library keeps twice as much as the largest block that it has been
 * given back so far, of those that it takes from the system one by one (`M_MMAP_THRESHOLD` in
 * mallopt(3)). So one is taken, which costs nothing as nobody touches it; the next collection gives it
 * back, and from then on memory is kept.
 */
function keepFreedMemory(): void {
  if (isKept) return;
  isKept = true;
  Buffer.allocUnsafeSlow(everyBytes);
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
