import { setTimeout as delay } from 'node:timers/promises';

/** Waits for it, at most so long. */
export async function comesTrue(condition: () => boolean, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > untilMs) return false;
    await delay(20);
  }
  return true;
}
