import type { DisposableLike } from '../../server/shared/base/disposable.ts';
import { Emitter } from '../../server/shared/base/event.ts';
import type { Clock } from '../../server/shared/base/platform.ts';
import type { CloseReason } from '../../server/shared/protocol/events.ts';
import type { Usage } from './processUsage.ts';

/** What a session may take of the machine. */
export interface UsageLimits {
  readonly memoryMb: number;
  /** Processor time while nobody asks for anything; deadlines bound the rest. */
  readonly idleProcessorMs: number;
  /** All that it runs, where that can be seen: for root, the kernel keeps no bound. */
  readonly processes: number;
}

const mebibyte = 1_024 * 1_024;

/** Looks at what a process takes, again and again: often while it is busy, now and then else. */
export class UsageWatch implements DisposableLike {
  private readonly exceeded = new Emitter<CloseReason>();
  private timer: DisposableLike | undefined;
  private isBusy = false;
  private isOver = false;
  /** Processor time at the first look since it is idle. */
  private idleSinceMs: number | undefined;
  private lastProgress: number | undefined;
  /** What the last look showed. */
  latestMb: number | undefined;

  /** Fires once, when a limit is passed. */
  readonly onExceeded = this.exceeded.event;

  constructor(
    private readonly usage: () => Promise<Usage | undefined>,
    private readonly limits: UsageLimits,
    private readonly everyMs: { readonly busy: number; readonly idle: number },
    private readonly clock: Clock,
    /** Something that changes with each call that was made; undefined while one is under way. */
    private readonly progress: () => number | undefined = () => 0,
  ) {
    this.lastProgress = progress();
    this.lookLater();
  }

  setBusy(isBusy: boolean): void {
    if (this.isBusy === isBusy) return;
    this.isBusy = isBusy;
    this.idleSinceMs = undefined;
    if (isBusy) this.lookLater(); // sooner than was planned
  }

  dispose(): void {
    this.isOver = true;
    this.timer?.dispose();
    this.exceeded.dispose();
  }

  private lookLater(): void {
    this.timer?.dispose();
    const delayMs = this.isBusy ? this.everyMs.busy : this.everyMs.idle;
    this.timer = this.clock.after(delayMs, () => void this.look());
  }

  private async look(): Promise<void> {
    const usage = await this.usage();
    if (this.isOver) return;
    this.latestMb = usage && usage.residentBytes / mebibyte;
    const reason =
      usage && (this.whyMemory() ?? this.whyProcesses(usage) ?? this.whyProcessor(usage));
    if (!reason) return this.lookLater();
    this.isOver = true;
    this.exceeded.fire(reason);
  }

  private whyMemory(): CloseReason | undefined {
    const { memoryMb } = this.limits;
    const usedMb = this.latestMb ?? 0;
    if (usedMb <= memoryMb) return undefined;
    const detail = `it used ${Math.round(usedMb)} MB, more than its limit of ${memoryMb} MB`;
    return { kind: 'memory', detail };
  }

  private whyProcesses({ processes }: Usage): CloseReason | undefined {
    const most = this.limits.processes;
    if (processes <= most) return undefined;
    const detail = `it ran ${processes} processes, more than its limit of ${most}`;
    return { kind: 'processes', detail };
  }

  private whyProcessor({ processorMs }: Usage): CloseReason | undefined {
    const progress = this.progress();
    const isIdle = !this.isBusy && progress !== undefined && progress === this.lastProgress;
    this.lastProgress = progress;
    if (!isIdle) {
      this.idleSinceMs = undefined;
      return undefined;
    }
    this.idleSinceMs = Math.min(this.idleSinceMs ?? Infinity, processorMs); // a child may have ended
    const usedMs = processorMs - this.idleSinceMs;
    if (usedMs <= this.limits.idleProcessorMs) return undefined;
    const seconds = Math.round(usedMs / 1_000);
    return { kind: 'processor', detail: `it computed for ${seconds} s while nobody asked it to` };
  }
}
