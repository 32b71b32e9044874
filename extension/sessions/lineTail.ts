const maxLines = 40;

/** The last lines of an output. */
export class LineTail {
  private readonly lines: string[] = [];

  add(line: string): void {
    this.lines.push(line);
    if (this.lines.length > maxLines) this.lines.shift();
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** The line that says most about an end: the last one that names an error, else the last that is no part of a stack. */
  get mostTelling(): string | undefined {
    return (
      this.lines.findLast(line => /\b(\w*Error|FATAL|fatal|panic|execve failed)\b/u.test(line)) ??
      this.lines.findLast(line => !/^\s*(\d+: |at )/u.test(line)) ??
      this.lines.at(-1)
    );
  }
}
