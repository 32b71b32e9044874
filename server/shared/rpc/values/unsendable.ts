import { clip } from '../../base/clip.ts';
import { GreenroomError } from '../../errors.ts';

const longestShown = { name: 40, place: 120 };

const plainName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Something in a message cannot be sent. Says where that is, as far as those around it have told. */
export class Unsendable extends GreenroomError {
  /** From outside to inside. */
  readonly #steps: string[] = [];

  /** What was thrown while a part was written: an error of this kind tells from now on which part that was. */
  static inside(thrown: unknown, step: string): unknown {
    if (Unsendable.is(thrown)) thrown.#steps.unshift(step);
    return thrown;
  }

  /** The same for everybody, with the place in what is called so; without the first steps, if these are ours. */
  static told(thrown: unknown, root: string, ownSteps = 0): unknown {
    if (!Unsendable.is(thrown)) return thrown;
    const place = root + thrown.#steps.slice(ownSteps).join('');
    return new GreenroomError(thrown.code, `${thrown.message} (at ${shorten(place)})`);
  }

  /** Unlike `instanceof`, this runs nothing of what a getter may have thrown. */
  private static is(thrown: unknown): thrown is Unsendable {
    return typeof thrown === 'object' && thrown !== null && #steps in thrown;
  }
}

/** To the property of that name. */
export function propertyStep(name: string): string {
  const isPlain = name.length <= longestShown.name && plainName.test(name);
  return isPlain ? `.${name}` : `[${shown(name)}]`;
}

/** To what a map has under that key. */
export function entryStep(key: unknown): string {
  return `.get(${shown(key)})`;
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
