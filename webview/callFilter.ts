import type { CallRecord } from '../server/shared/protocol/events.ts';

type Described = Pick<CallRecord, 'tool' | 'method' | 'subject'>;

/** Those that have every word of the filter in tool, method or subject. */
export function filterCalls<T extends Described>(
  calls: readonly T[],
  filter: string,
): readonly T[] {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return calls;
  return calls.filter(({ tool, method, subject = '' }) => {
    const text = `${tool}.${method} ${subject}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
}
