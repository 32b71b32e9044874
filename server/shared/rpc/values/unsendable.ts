import { clip } from '../../base/clip.ts';
import { isInstance } from '../../base/isInstance.ts';
import { GreenroomError } from '../../errors.ts';

const longestShown = { name: 40, place: 120 };

const plainName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Something in a message cannot be sent. Says where that is, as far as those around it have told. */
export class Unsendable extends GreenroomError {
  /** From outside to inside. */
  readonly #steps: string[] = [];

  /** What was thrown while a part was written: an error of this kind tells from now on which part that was. */
  static inside(thrown: unknown, step: string): unknown {
    if (isInstance(thrown, Unsendable)) thrown.#steps.unshift(step);
    return thrown;
  }

  /** The part of that name stands for what holds it: its parts are told as those of that. */
  static directly(thrown: unknown, name: string): unknown {
    if (isInstance(thrown, Unsendable) && thrown.#steps[0] === propertyStep(name))
      thrown.#steps.shift();
    return thrown;
  }

  /** The same for everybody, with the place in what is called so; without the first steps, if these are ours. */
  static told(thrown: unknown, root: string, ownSteps = 0): unknown {
    if (!isInstance(thrown, Unsendable)) return thrown;
    const place = root + thrown.#steps.slice(ownSteps).join('');
    return new GreenroomError(thrown.code, `${thrown.message} (at ${shorten(place)})`);
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
