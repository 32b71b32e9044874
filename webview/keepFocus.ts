/**
 * Runs a drawing. Where it removes the focused element (the last button of a session that has
 * closed), focus goes to what held that element and not to the top of the page.
 */
export function keepFocus(root: HTMLElement, draw: () => void): void {
  const focused = document.activeElement;
  const holders = focused && root.contains(focused) ? holdersOf(focused, root) : [];
  draw();
  if (!focused || focused.isConnected) return;
  holders.find(holder => holder.isConnected)?.focus({ preventScroll: true });
}

function holdersOf(element: Element, root: HTMLElement): readonly HTMLElement[] {
  const row = element.closest('tr');
  const summary = element.closest('details')?.querySelector('summary');
  return [row, summary, root].filter(holder => holder instanceof HTMLElement);
}
