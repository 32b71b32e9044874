const slots = 1_024;

/**
 * Short texts that have been read before: names of methods and of properties come again and again.
 * A slot holds one text; the next with the same hash takes its place, so it never grows.
 */
export class KnownTexts {
  private readonly texts: string[] = new Array<string>(slots).fill('');
  private slot = 0;

  /** The text that these bytes are, if it is known and ASCII. */
  find(bytes: Uint8Array, from: number, length: number): string | undefined {
    let hash = length;
    let bits = 0;
    for (let index = 0; index < length; index++) {
      const byte = bytes[from + index] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      bits |= byte;
    }
    this.slot = (hash ^ (hash >>> 15)) & (slots - 1);
    // A byte beyond ASCII is part of a longer character, whatever character has its number.
    const text = this.texts[this.slot] ?? '';
    if (bits >= 0x80 || text.length !== length) return undefined;
    for (let index = 0; index < length; index++) {
      if (text.charCodeAt(index) !== bytes[from + index]) return undefined;
    }
    return text;
  }

  /** Remembers the text that was looked for last. */
  add(text: string): void {
    this.texts[this.slot] = text;
  }
}
