/** Reaches behind a proxy. Nobody else has this symbol, so nobody else can be mistaken for one. */
export const handleOf: unique symbol = Symbol('greenroom.handle');

/** The object behind a remote or behind the result of a call; undefined for everything else. */
export function getHandle(value: object): object | undefined {
  return (value as { readonly [handleOf]?: object })[handleOf];
}
