/** Has every document that was linted looked at once more. */
export const lintAgain =
  (...all: readonly { lintAgain(): void }[]) =>
  () =>
    all.forEach(live => live.lintAgain());
