import type { Outbox } from './outbox.ts';

/** Answers that wait, unwritten, while too much of what was said before has not been read. */
export class UnsaidAnswers {
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly outbox: Pick<Outbox, 'isCrowded'>) {}

  get size(): number {
    return this.waiting.length;
  }

  /** Whether an answer must wait now. */
  get mustWait(): boolean {
    return this.outbox.isCrowded;
  }

  /** `say` is called when it need not any more, unless it must again. */
  add(say: () => void): void {
    this.waiting.push(say);
  }

  /** Gives those that there is room for. */
  say(): void {
    while (this.waiting.length > 0 && !this.mustWait) this.waiting.shift()!();
  }

  clear(): void {
    this.waiting.length = 0;
  }
}
