/**
 * The list of servers with this one switched on: as the user has written it, or by its name alone.
 * Undefined where the setting is no list.
 */
export function withServer(name: string, raw: unknown = []): readonly unknown[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const entries: readonly unknown[] = raw;
  const place = entries.findIndex(entry => (entry as { name?: unknown } | null)?.name === name);
  return place < 0 ? [...entries, { name }] : entries.with(place, switchedOn(entries[place]));
}

/** That it is on goes without saying. */
function switchedOn(entry: unknown): unknown {
  return Object.fromEntries(Object.entries(entry as object).filter(([key]) => key !== 'enable'));
}
