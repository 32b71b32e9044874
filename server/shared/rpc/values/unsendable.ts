import { clip } from '../../base/clip.ts';
import { GreenroomError, type ErrorCode } from '../../errors.ts';
import { withoutMark } from './policy.ts';

/** So many values are looked at for the one that cannot be sent. */
const mostSearched = 100_000;
const longestShown = { name: 40, place: 120 };

const plainName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Something in a message that cannot be sent. Whoever knows what the message consists of says where it is. */
export class Unsendable extends GreenroomError {
  constructor(
    private readonly found: unknown,
    code: ErrorCode,
    message: string,
  ) {
    super(code, message);
  }

  /**
   * The same, told with its place in `root`, as a program would write it. `isCopied` says of an object whether
   * its parts are sent, or only a reference to it.
   */
  within(root: unknown, name: string, isCopied: (value: object) => boolean): GreenroomError {
    const steps = this.stepsFrom(root, isCopied);
    const place = steps ? ` (at ${shorten(name + steps.join(''))})` : '';
    return new GreenroomError(this.code, this.message + place);
  }

  /** Nothing is run for it, as a getter would be: what only that has brought is not found. */
  private stepsFrom(
    root: unknown,
    isCopied: (value: object) => boolean,
  ): readonly string[] | undefined {
    const seen = new Set<unknown>();
    let searched = 0;
    const search = (given: unknown): string[] | undefined => {
      const value = withoutMark(given);
      if (value === this.found) return [];
      if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
      seen.add(value);
      if (!isCopied(given as object)) return undefined;
      for (const [step, part] of partsOf(value)) {
        if (++searched > mostSearched) return undefined;
        const rest = search(part);
        if (rest) return [step(), ...rest];
      }
      return undefined;
    };
    try {
      return search(root);
    } catch {
      return undefined; // a proxy has thrown
    }
  }
}

type Part = readonly [step: () => string, value: unknown];

function* partsOf(value: object): Iterable<Part> {
  const own = (key: string | number) =>
    Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) yield [() => `[${index}]`, own(index)];
  } else if (value instanceof Map) {
    for (const [key, item] of value as Map<unknown, unknown>) {
      yield [() => '.keys()', key];
      yield [() => `.get(${shown(key)})`, item];
    }
  } else if (value instanceof Set) {
    for (const item of value) yield [() => '.values()', item];
  } else if (!ArrayBuffer.isView(value)) {
    // The cause of an error cannot be enumerated.
    const names = value instanceof Error ? Object.getOwnPropertyNames(value) : Object.keys(value);
    for (const name of names) yield [() => member(name), own(name)];
  }
}

function member(name: string): string {
  const isPlain = name.length <= longestShown.name && plainName.test(name);
  return isPlain ? `.${name}` : `[${shown(name)}]`;
}

function shown(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(clip(key, longestShown.name));
  return typeof key === 'number' ? String(key) : '…';
}

function shorten(place: string): string {
  if (place.length <= longestShown.place) return place;
  const half = longestShown.place / 2;
  return `${place.slice(0, half)}…${place.slice(-half)}`;
}
