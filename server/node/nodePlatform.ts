import { Buffer, isUtf8 } from 'node:buffer';
import process from 'node:process';
import { longestDelayMs, type Platform } from '../shared/base/platform.ts';
import { toDisposable } from '../shared/base/disposable.ts';

/** Node's clock, timers, text and cancellation. `AbortSignal` is the cancel signal here. */
export const nodePlatform = {
  clock: {
    // Since boot and the same in every process, unlike `performance.now()`.
    now() {
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * 1e3 + nanoseconds / 1e6;
    },
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs).unref();
      return toDisposable(() => clearTimeout(timer));
    },
  },
  text: {
    write: (text, into, at) => asBuffer(into).write(text, at, 'utf8'),
    read(bytes, from, to) {
      const text = asBuffer(bytes).toString('utf8', from, to);
      // The character that stands for what is no UTF-8 may be in the text itself.
      if (!text.includes('\ufffd') || isUtf8(bytes.subarray(from, to))) return text;
      throw new TypeError('the text is not UTF-8');
    },
  },
  createCancelSource: () => new AbortController(),
  isCancelSignal: value => value instanceof AbortSignal,
  allocate: bytes => Buffer.allocUnsafeSlow(bytes),
  // Ticks come before promises in a turn that a timer or an event has begun, and after them in others.
  endOfTurn: task => queueMicrotask(() => process.nextTick(task)),
  nextTurn: task => void setImmediate(task),
  hold() {
    const timer = setInterval(() => undefined, longestDelayMs);
    return toDisposable(() => clearInterval(timer));
  },
} satisfies Platform;

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
