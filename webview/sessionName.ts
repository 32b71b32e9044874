import type { SessionSnapshot } from '../server/shared/protocol/snapshot.ts';

/** A folder may have a session for each of its tools. */
export function sessionName({ label, tools }: Pick<SessionSnapshot, 'label' | 'tools'>): string {
  return [label, ...tools.map(({ name }) => name)].join(' · ');
}
