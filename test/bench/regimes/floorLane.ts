import { Floor } from '../sides/floor.ts';
import { floorName, type Entrant } from './regime.ts';

const smallest = 64;
const largeFrom = 1024 * 1024;

export interface FloorSpec {
  /** How often an operation has to go there and back at least; 1 unless given. */
  readonly trips?: number;
  /** What it carries there and back; 64 unless given. */
  readonly bytes?: number;
}

/** Echoes one after the other, counted as the trips of an operation. */
export function floorEntrant({ trips = 1, bytes = smallest }: FloorSpec): Entrant {
  const echoes = bytes >= largeFrom ? 1 : 50;
  return {
    name: floorName,
    async enter() {
      const floor = new Floor(new Uint8Array(bytes).fill(0x78));
      return {
        operations: echoes / trips,
        async step() {
          for (let n = 0; n < echoes; n++) await floor.echo();
        },
        [Symbol.asyncDispose]: () => floor[Symbol.asyncDispose](),
      };
    },
  };
}
