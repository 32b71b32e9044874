/** Names as they are told in a sentence. */
export function quoted(names: Iterable<string>): string {
  return [...names].map(name => `"${name}"`).join(', ');
}
