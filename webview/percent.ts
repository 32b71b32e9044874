/** A share of the whole as an SVG length. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(3)}%`;
}
