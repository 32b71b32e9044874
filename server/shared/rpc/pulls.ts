import type { AnswerMessages } from './answerMessages.ts';
import type { KeptResult } from './keptResults.ts';
import { whenThere } from './outgoingCall.ts';
import { isThenable } from './thenables.ts';
import type { UnsaidAnswers } from './unsaidAnswers.ts';

/** Kept results that their callers have asked for: each is answered once, when it can be. */
export class Pulls {
  private readonly owed = new Set<KeptResult>();

  constructor(
    private readonly says: AnswerMessages,
    private readonly unsaid: UnsaidAnswers,
    /** One more is being served. */
    private readonly makeRoom: () => void,
  ) {}

  /** Those that cannot be answered yet. */
  get size(): number {
    return this.owed.size;
  }

  /** Nobody waits for them any more. */
  clear(): void {
    this.owed.clear();
  }

  answer(result: KeptResult): void {
    const { id, state, value, answer, passing } = result;
    try {
      if (isThenable(answer)) return void this.answerAwaited(result, answer);
    } catch (error) {
      return this.fail(result, error); // it does not let itself be looked at
    }
    if (state === 'failed' && !answer) return this.fail(result, value);
    if (this.unsaid.mustWait) return this.whenRead(result, () => this.answer(result));
    const refused = this.says.result(id, answer, passing);
    if (!refused) return;
    const { waitsFor, error } = refused;
    if (!waitsFor) return this.says.error(id, error);
    this.owe(result);
    whenThere(waitsFor, failed => {
      if (!this.owed.delete(result)) return;
      if (failed) this.fail(result, failed.tellFailure());
      else this.answer(result);
    });
  }

  private async answerAwaited(result: KeptResult, answer: PromiseLike<unknown>): Promise<void> {
    this.owe(result);
    try {
      result.answer = await answer;
    } catch (error) {
      if (this.owed.delete(result)) this.fail(result, error);
      return;
    }
    if (this.owed.delete(result)) this.answer(result);
  }

  private fail(result: KeptResult, error: unknown): void {
    if (this.unsaid.mustWait) this.whenRead(result, () => this.fail(result, error));
    else this.says.error(result.id, error);
  }

  private whenRead(result: KeptResult, say: () => void): void {
    this.owe(result);
    this.unsaid.add({ say: () => this.owed.delete(result) && say() });
  }

  private owe(result: KeptResult): void {
    this.owed.add(result);
    this.makeRoom();
  }
}
