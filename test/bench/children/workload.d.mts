export type Ask = (index: number) => unknown;

export class Workload {
  constructor(seed?: string);
  ping(): number;
  constructAndPing(seed: string): number;
  increment(by: number | PromiseLike<number>): number;
  reset(): number;
  checksum(record: Readonly<Record<string, unknown>>): Record<string, string>;
  sum(numbers: readonly number[]): number;
  echo<T>(value: T): T;
  callback(ask: Ask, times: number): Promise<number>;
  callbackBatch(ask: Ask, times: number): Promise<number>;
  callbackSync(ask: Ask, times: number): number;
  digest(lines: readonly string[]): string;
  residentBytes(): number;
  derive(keys: number, rounds: number): string;
}

export class GraphNode {
  constructor(value: number);
  link(previous: GraphNode): this;
  total(): number;
}
