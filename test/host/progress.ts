/** Tells a person what has been reached, and how long each step took. */
export class Progress {
  async step<T>(reached: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      const result = await work();
      console.log(`✓ ${reached}  ${seconds(startedAt)}`);
      return result;
    } catch (error) {
      console.log(`✗ ${reached}  ${seconds(startedAt)}`);
      throw error;
    }
  }
}

export function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
