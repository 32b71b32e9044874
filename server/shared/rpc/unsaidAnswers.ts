import type { Outbox } from './outbox.ts';

interface Unsaid {
  /** Is called when the answer need not wait any more, unless it must again. */
  readonly say: () => void;
  /** Lets other calls use the result before. */
  readonly letUse?: (() => void) | undefined;
}

/** Answers that wait, unwritten, while too much of what was said before has not been read. */
export class UnsaidAnswers {
  private readonly waiting: Unsaid[] = [];

  constructor(private readonly outbox: Pick<Outbox, 'isCrowded'>) {}

  get size(): number {
    return this.waiting.length;
  }

  /** Whether an answer must wait now. */
  get mustWait(): boolean {
    return this.outbox.isCrowded;
  }

  add(answer: Unsaid): void {
    this.waiting.push(answer);
  }

  /** Lets other calls use the results before these are told. */
  letUse(): void {
    for (const { letUse } of this.waiting) letUse?.();
  }

  /** Gives those that there is room for. */
  say(): void {
    while (this.waiting.length > 0 && !this.mustWait) this.waiting.shift()!.say();
  }

  clear(): void {
    this.waiting.length = 0;
  }
}
