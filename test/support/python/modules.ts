import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../fixtures/python');

export const workshopFile = path.join(folder, 'workshop.py');
export const misbehavesFile = path.join(folder, 'misbehaves.py');

type Callback = (...args: never[]) => unknown;

interface Counter {
  count: number;
  increment(by?: number): number;
  child(): Counter;
  plus(other: unknown): number;
  broken: unknown;
}

/** What workshop.py holds, as far as tests use it from here. */
export interface Workshop {
  Counter: new (start?: unknown) => Counter;
  limits: { most: number; list: string[] };
  missing(): void;
  echo(value: unknown): unknown;
  echo_all(...values: unknown[]): unknown[];
  add(one: unknown, other: unknown): unknown;
  note(value: unknown): number;
  notes(): unknown[];
  point(): { x: number; y: number };
  point_by_value(): unknown;
  record_by_reference(): { most: number };
  record_marked_twice(outer: 'by_ref' | 'by_value'): { most: number };
  sample(kind: string): unknown;
  type_name(value: unknown): string;
  type_names(values: readonly unknown[]): readonly string[];
  describe(value: unknown): string;
  is_same(one: unknown, other: unknown): boolean;
  big(text: string): unknown;
  as_bigint(value: number): bigint;
  whole_float(): number;
  later(value: unknown): unknown;
  later_with(callback: Callback, value: number): number;
  fail(message: string): never;
  fail_from_cause(): never;
  call_back(callback: Callback, times: number): unknown[];
  call_back_batched(callback: Callback, times: number): unknown[];
  call_back_with(callback: Callback, items: unknown): unknown;
  call_back_settled(callback: Callback, times: number): unknown[];
  call_back_pipelined(host: object): unknown[];
  use_members(host: object): unknown[];
  call_back_from_thread(callback: Callback): unknown[];
  factorial(n: number, callback: Callback): number;
  remember(value: unknown): void;
  recall(): unknown;
  use_after_release(remote: unknown): unknown;
  forget(): void;
  fails_unseen(callback: Callback, times?: number): void;
  spin(started: Callback): never;
  sleep(started: Callback, seconds: number): void;
  sleep_async(started: Callback, seconds: number): void;
  catch_and_go_on(started: Callback, goesOn: Callback): never;
  clean_up(started: Callback): void;
  poll_signal(signal: AbortSignal, started: Callback): never;
  wait_for(callback: Callback): unknown;
  print_lines(): void;
  pid(): number;
  nothing(): undefined;
  filled(length: number, byte: number): Uint8Array;
  checksum(data: unknown): number;
  mirror(...data: unknown[]): Uint8Array[];
}

/** What misbehaves.py holds. */
export interface Misbehaving {
  unprintable(): never;
  ghastly(): never;
  odd_text(): never;
  recursion(): never;
  chain(depth: number): never;
  own_cause(): never;
  exit_by_exception(): never;
  exit_at_once(code: number): never;
  close_descriptor(number: number): void;
  close_all_descriptors(): string;
  half_a_frame(): void;
  swap_streams(): void;
  close_streams(): void;
  change_folder(folder: string): string;
  deep(depth: number): unknown;
  leave_thread(): void;
  fork_and_return(): string;
  child_sees(): string;
  lower_recursion_limit(): void;
  call_while_handling(callback: Callback): [string, boolean];
  recursion_with(callback: Callback, depth: number): unknown;
  own_path(): unknown[];
}
