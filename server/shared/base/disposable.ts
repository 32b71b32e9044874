/** Anything that can be let go of. VS Code's own disposables fit. */
export interface DisposableLike {
  dispose(): void;
}

export function toDisposable(dispose: () => void): DisposableLike {
  return { dispose };
}

/** Disposes every resource, also when one of them throws; then throws the first failure. */
export function disposeAll(resources: Iterable<DisposableLike>): void {
  const failures: unknown[] = [];
  for (const resource of resources) {
    try {
      resource.dispose();
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Owns what is opened on the way to something larger. Closes in reverse order. */
export class ResourceScope implements DisposableLike {
  private owned: DisposableLike[] | undefined = [];

  /** Takes ownership. A resource that arrives after the scope has closed is closed at once. */
  own<T extends DisposableLike>(resource: T): T {
    if (this.owned) this.owned.push(resource);
    else resource.dispose();
    return resource;
  }

  /** Hands everything to a new owner; this scope then owns nothing more. */
  release(): ResourceScope {
    const heir = new ResourceScope();
    heir.owned = this.owned;
    this.owned = undefined;
    return heir;
  }

  dispose(): void {
    const closing = this.owned ?? [];
    this.owned = undefined;
    disposeAll(closing.reverse());
  }
}
