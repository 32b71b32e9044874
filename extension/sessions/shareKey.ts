/** Names who may share a process. A security decision, so no other text can be mistaken for one. */
export type ShareKey = string & { readonly __brand: 'ShareKey' };

/** Two requests may share a process only if every field here is equal. */
export interface Identity {
  readonly tool: string;
  /** Real path of the package that runs. */
  readonly directory: string;
  readonly version: string;
  /** The folder whose configuration and plugins the process loads. */
  readonly root: string;
  readonly trusted: boolean;
}

/** What stays the same when another version is put in the place of one. */
export function familyOf(identity: Identity): string {
  return shareKeyFor({ ...identity, version: '' });
}

export function shareKeyFor(identity: Identity): ShareKey {
  const { tool, directory, version, root, trusted } = identity;
  const parts = [tool, version, directory, root, trusted ? 'trusted' : 'restricted'];
  return parts.map(encodeURIComponent).join('|') as ShareKey;
}
