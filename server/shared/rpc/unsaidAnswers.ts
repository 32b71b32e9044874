import type { Outbox } from './outbox.ts';

/** Answers that wait, unwritten, while too much of what was said before has not been read. */
export class UnsaidAnswers {
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly outbox: Pick<Outbox, 'isFull'>) {}

  get size(): number {
    return this.waiting.length;
  }

  /** Whether an answer must wait; `say` is called when it need not any more, unless it must again. */
  defers(say: () => void): boolean {
    if (!this.outbox.isFull) return false;
    this.waiting.push(say);
    return true;
  }

  /** Gives those that there is room for. */
  say(): void {
    while (this.waiting.length > 0 && !this.outbox.isFull) this.waiting.shift()!();
  }

  clear(): void {
    this.waiting.length = 0;
  }
}
