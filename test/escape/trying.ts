import type { Probe } from './probe.ts';
import type { Scene } from './scene.ts';

/** A deed that is told places, and nothing else. */
export function trying(
  name: string,
  deed: string,
  ...places: readonly ((scene: Scene) => string)[]
): Probe {
  return { name, deed, args: scene => places.map(place => place(scene)) };
}

/** For what Python does not have. */
export function onlyNode(probe: Probe): Probe {
  return { ...probe, runtimes: ['node'] };
}
