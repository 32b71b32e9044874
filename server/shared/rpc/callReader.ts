import type { CancelSignal, Platform } from '../base/platform.ts';
import { pathLimits } from '../protocol/limits.ts';
import { violation } from '../protocol/violation.ts';
import { CallFlag, Op } from '../protocol/wire.ts';
import type { Exports } from './exports.ts';
import { IncomingCall, type Action } from './incomingCall.ts';
import { FailedDependency, type KeptResults } from './keptResults.ts';
import { nameOf } from './port.ts';
import type { ByteReader } from './values/byteReader.ts';
import { Later } from './values/later.ts';
import type { ValueReader } from './values/valueReader.ts';
import { batchItemWeight } from './values/weights.ts';

/** The flags by which a caller says in what way the result is to go. */
export const bothWays = CallFlag.byValue | CallFlag.byReference;

export interface CallReaderParts {
  readonly platform: Pick<Platform, 'createCancelSource'>;
  readonly exports: Exports;
  readonly kept: KeptResults;
  /** Whether the other side is not trusted. */
  readonly isWary: boolean;
}

/** Parses the messages that make calls. Throws `protocol.violation`. */
export class CallReader {
  /** Whether this is the channel on which the results of calls are known. */
  isOrdered = true;
  /** The call that is being read. */
  private current: IncomingCall | undefined;

  constructor(
    private readonly input: ByteReader,
    private readonly values: ValueReader,
    private readonly parts: CallReaderParts,
  ) {}

  read(op: Op): IncomingCall {
    const { input, values } = this;
    const flags = this.flags(op);
    const call = new IncomingCall(this.id(), flags);
    const target = this.target(call, input.count());
    if (target instanceof Later) {
      target.owner = call;
      target.key = 'target';
      call.needs = [target];
    } else if (target instanceof FailedDependency || target instanceof Released) {
      call.refusal = target instanceof Released ? target.error : target;
    } else {
      call.target = target;
    }
    call.path = this.path();
    if (op === Op.set && call.path.length === 0) throw violation('nothing is to be set');
    this.current = call;
    call.action = this.action(op, flags);
    this.current = undefined;
    if (values.later.length > 0) call.needs = [...(call.needs ?? []), ...values.later];
    if (values.failure !== undefined) call.refusal ??= values.failure;
    if (flags & CallFlag.keep) {
      call.kept = this.parts.kept.keep(call.id, nameOf(call.path), call.passing);
    }
    return call;
  }

  /** The signal of the call that is being read. */
  signal(): CancelSignal {
    const call = this.current;
    if (!call?.isTraced) throw violation('a signal of no call that could be cancelled');
    call.cancel ??= this.parts.platform.createCancelSource();
    return call.cancel.signal;
  }

  /** The result of a call of the other side; throws {@link FailedDependency}. */
  result(id: number): unknown {
    if (!this.isOrdered) throw violation('a result is named where calls are not known');
    const kept = this.parts.kept.get(id);
    if (kept.state === 'running') return new Later(id);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is caught where it is put down
    if (kept.state === 'failed') throw kept.failure;
    return kept.value;
  }

  private flags(op: Op): number {
    const flags = this.input.byte();
    if ((flags & (CallFlag.want | CallFlag.keep)) === 0) throw violation('a call for nothing');
    if ((flags & bothWays) === bothWays) throw violation('a result by value and by reference');
    if (flags & CallFlag.construct && op !== Op.call) throw violation('only calls construct');
    // What is copied does not become a reference because the other side would like one.
    return this.parts.isWary ? flags & ~CallFlag.byReference : flags;
  }

  private id(): number {
    const id = this.input.count();
    if (id === 0) throw violation('a call without an id');
    return id;
  }

  private target(call: IncomingCall, word: number): unknown {
    call.isTargetGiven = word % 2 === 0;
    if (call.isTargetGiven) {
      try {
        return this.parts.exports.get(word / 2);
      } catch (error) {
        if ((error as { code?: unknown }).code === 'protocol.violation') throw error;
        return new Released(error);
      }
    }
    try {
      const id = (word - 1) / 2;
      const result = this.result(id);
      call.targetResult = this.parts.kept.get(id);
      return result;
    } catch (error) {
      if (error instanceof FailedDependency) return error;
      throw error;
    }
  }

  private path(): readonly string[] {
    const { input } = this;
    const length = input.countOf(1);
    if (length > pathLimits.names) throw violation('a path is too long');
    const path: string[] = [];
    for (let left = length; left > 0; left--) {
      const name = input.text();
      if (name.length > pathLimits.nameLength) throw violation('a name is too long');
      path.push(name);
    }
    return path;
  }

  private action(op: Op, flags: number): Action {
    switch (op) {
      case Op.batch: {
        const runsAll = this.input.boolean();
        const items: (readonly unknown[])[] = [];
        const count = this.input.countOf(1);
        this.values.bear(count * batchItemWeight);
        for (let left = count; left > 0; left--) items.push(this.args());
        return { kind: 'batch', items, runsAll };
      }
      case Op.get:
        return { kind: 'get' };
      case Op.set: {
        const value: [unknown] = [undefined];
        value[0] = this.values.read(0, value, 0);
        return { kind: 'set', value };
      }
      default:
        return { kind: flags & CallFlag.construct ? 'construct' : 'call', args: this.args() };
    }
  }

  private args(): readonly unknown[] {
    const { input, values } = this;
    const count = input.countOf(1);
    if (count === 0) return none;
    const args: unknown[] = [];
    for (let index = 0; index < count; index++) args.push(values.read(0, args, index));
    return args;
  }
}

class Released {
  constructor(readonly error: unknown) {}
}

const none: readonly unknown[] = Object.freeze([]);
