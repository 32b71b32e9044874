/** As much of the `vscode` module as code under unit test uses. */
export const l10n = {
  t: (text: string, ...values: unknown[]) =>
    text.replace(/\{(\d+)\}/gu, (_place, index: string) => String(values[Number(index)])),
};

export class EventEmitter<T> {
  private readonly listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class Range {
  constructor(
    readonly start: unknown,
    readonly end: unknown,
  ) {}
}

export const EndOfLine = { LF: 1, CRLF: 2 };

export const TextEdit = {
  replace: (range: Range, newText: string) => ({ range, newText }),
  setEndOfLine: (newEol: number) => ({ newEol }),
};

export const workspace = {
  asRelativePath: (place: string | { path: string }) =>
    (typeof place === 'string' ? place : place.path).slice(1),
};
