/** Has every document that was linted looked at once more, also while sessions only crash. */
export const lintAgain =
  (...all: readonly { lintAgain(isInsisted: boolean): void }[]) =>
  () =>
    all.forEach(live => live.lintAgain(true));
