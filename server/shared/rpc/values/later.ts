/** Stands where the result of a call will stand that is still under way. */
export class Later {
  owner: object | undefined;
  key: unknown;
  /** The result, while it waits to be put into a set. */
  value: unknown;

  constructor(readonly call: number) {}

  /** Puts the value into the place that was kept for it; into a set, only {@link putIntoSets} does. */
  put(value: unknown): void {
    const { owner, key } = this;
    if (owner instanceof Map) owner.set(key, value);
    else if (owner instanceof Set) this.value = value;
    else if (owner) assign(owner as Fields, key as string, value);
  }
}

/** A set keeps its order, so it is filled anew: once, when all that is missing has come. */
export function putIntoSets(places: readonly Later[]): void {
  const owners = new Set(places.map(({ owner }) => owner));
  for (const owner of owners) {
    if (!(owner instanceof Set)) continue;
    const items = [...(owner as Set<unknown>)];
    owner.clear();
    for (const item of items) owner.add(item instanceof Later ? item.value : item);
  }
}

export type Fields = Record<string, unknown>;

/** Sets a property of that name, and nothing else, whatever the name. */
export function assign(object: Fields, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else {
    const own = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, name, own);
  }
}
