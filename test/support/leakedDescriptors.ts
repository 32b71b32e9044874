import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { step, type Step } from '../escape/systemCalls.ts';

const here = -100;
const readOnly = 0;
const duplicate = 0; // F_DUPFD: what comes of it stays open when a program is started

/** Out of the way of what this process opens itself. */
const first = 300;

interface Native {
  systemCalls(steps: readonly Step[], addonFile: string): readonly number[];
}

const hostile = path.resolve(import.meta.dirname, '../fixtures/hostile');
export const addonSource = path.join(hostile, 'addon.c');

/**
 * Opens places so that whatever this process starts inherits them, as of a shell that has done `exec 40</`.
 * Node cannot do that, so it takes the addon, compiled.
 */
export async function leakDescriptors(
  addon: string,
  ...places: readonly string[]
): Promise<Disposable> {
  const file = pathToFileURL(path.join(hostile, 'native.mjs')).href;
  const { native } = (await import(file)) as { native: Native };
  const leaked = places.map(place => {
    const steps = [
      step('openat', here, place, readOnly),
      step('fcntl', { result: 0 }, duplicate, first),
    ];
    const [opened, kept] = native.systemCalls(steps, addon);
    fs.closeSync(opened!);
    return kept!;
  });
  return { [Symbol.dispose]: () => leaked.forEach(descriptor => fs.closeSync(descriptor)) };
}
