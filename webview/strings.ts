import type { DashboardStrings } from '../server/shared/protocol/dashboard.ts';

/** The host writes the words into its own page, so they are taken as they are. */
export function readStrings(body: HTMLElement): DashboardStrings {
  return JSON.parse(body.dataset['strings'] ?? '{}') as DashboardStrings;
}

/** Puts values where the text says `{0}`, `{1}`… */
export function fill(text: string, ...values: readonly string[]): string {
  return text.replace(/\{(\d+)\}/gu, (place, index) => values[Number(index)] ?? place);
}
