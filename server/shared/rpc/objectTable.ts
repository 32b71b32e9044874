import { GreenroomError } from '../errors.ts';
import type { Limits } from '../protocol/limits.ts';
import { ROOT, violation, type ReferenceId } from '../protocol/messages.ts';
import type { CancelSignal } from '../base/platform.ts';

/** What a served method is told about the call it serves. */
export interface CallContext {
  readonly signal: CancelSignal;
}

export type ServedMethod = (args: readonly unknown[], context: CallContext) => unknown;

/**
 * An object that the other side may call. Only the methods listed here can be reached, whatever
 * name arrives: prototype names are names like any other and are not in the list.
 */
export type ServedObject = ReadonlyMap<string, ServedMethod>;

/** Marks a result that stays here and is called through its reference; `value` is sent along. */
export class KeptResult {
  constructor(
    readonly object: ServedObject,
    readonly value: unknown,
  ) {}
}

/** The objects that this side keeps for the other, by the references which that side allocated. */
export class ObjectTable {
  private readonly objects = new Map<ReferenceId, ServedObject>();

  constructor(
    root: ServedObject,
    private readonly limits: Limits,
  ) {
    this.objects.set(ROOT, root);
  }

  get size(): number {
    return this.objects.size;
  }

  keep(reference: ReferenceId, object: ServedObject): void {
    if (this.objects.has(reference)) throw violation(`reference ${reference} is in use`);
    if (this.objects.size >= this.limits.maxReferences) {
      throw new GreenroomError(
        'queue.full',
        `${this.limits.maxReferences} objects are kept already`,
      );
    }
    this.objects.set(reference, object);
  }

  release(reference: ReferenceId): void {
    if (reference === ROOT || !this.objects.delete(reference)) {
      throw violation(`reference ${reference} cannot be released`);
    }
  }

  method(reference: ReferenceId, name: string): ServedMethod {
    const object = this.objects.get(reference);
    if (!object) {
      throw new GreenroomError(
        'reference.unknown',
        `reference ${reference} is unknown or released`,
      );
    }
    const method = object.get(name);
    if (!method) throw new GreenroomError('call.unknownMethod', `there is no method '${name}'`);
    return method;
  }
}
