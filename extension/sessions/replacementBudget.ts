/** Lets a lost session be replaced a few times in a while, and then no more: it would only be lost again. */
export class ReplacementBudget {
  private spentAtMs: number[] = [];

  constructor(
    private readonly policy: {
      readonly maxReplacements: number;
      readonly replacementWindowMs: number;
    },
    private readonly now: () => number,
  ) {}

  /** Whether one more is allowed; counts it when it is. */
  trySpend(): boolean {
    const since = this.now() - this.policy.replacementWindowMs;
    this.spentAtMs = this.spentAtMs.filter(at => at > since);
    if (this.spentAtMs.length >= this.policy.maxReplacements) return false;
    this.spentAtMs.push(this.now());
    return true;
  }
}
