import { Buffer } from 'node:buffer';
import process from 'node:process';
import { TextDecoder } from 'node:util';
import type { Platform } from '../shared/base/platform.ts';
import { toDisposable } from '../shared/base/disposable.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Node's clock, timers, text and cancellation. `AbortSignal` is the cancel signal here. */
export const nodePlatform = {
  clock: {
    // Since boot and the same in every process, unlike `performance.now()`.
    now: () => Number(process.hrtime.bigint()) / 1e6,
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs).unref();
      return toDisposable(() => clearTimeout(timer));
    },
  },
  createCancelSource: () => new AbortController(),
  nextTurn: task => void setImmediate(task),
  encodeText: text => Buffer.from(text, 'utf8'),
  decodeText: bytes => strictUtf8.decode(bytes),
} satisfies Platform;
