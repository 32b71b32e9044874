/** As `instanceof` for what anybody may have thrown: a proxy that does not let itself be looked at is of no class. */
export function isInstance<T>(
  value: unknown,
  type: abstract new (...args: never[]) => T,
): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}
