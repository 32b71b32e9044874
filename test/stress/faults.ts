import process from 'node:process';
import type { SessionEvent } from '../../server/shared/protocol/events.ts';

type Kind = 'kill' | 'stop';

/** Kills and stops processes of a pool at random, and remembers what it has done to whom. */
export class Faults {
  private readonly live = new Map<string, number>();
  private readonly hurt = new Set<string>();
  private readonly counts = { kill: 0, stop: 0 };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly random: () => number,
    private readonly everyMs: number,
  ) {}

  get done(): Readonly<Record<Kind, number>> {
    return this.counts;
  }

  follow(event: SessionEvent): void {
    if (event.kind === 'ready') this.live.set(event.session, event.pid);
    else if (event.kind === 'closed') this.live.delete(event.session);
  }

  /** Whether something was done to the session. */
  explains(session: string): boolean {
    return this.hurt.has(session);
  }

  begin(): void {
    const waitMs = this.everyMs * (0.5 + this.random());
    this.timer = setTimeout(() => {
      this.strike(this.random() < 0.7 ? 'kill' : 'stop');
      this.begin();
    }, waitMs);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private strike(kind: Kind): void {
    const candidates = [...this.live].filter(([session]) => !this.hurt.has(session));
    const victim = candidates[Math.floor(this.random() * candidates.length)];
    if (!victim) return;
    const [session, pid] = victim;
    try {
      process.kill(pid, kind === 'kill' ? 'SIGKILL' : 'SIGSTOP');
      this.hurt.add(session);
      this.counts[kind]++;
    } catch {
      // It has just ended by itself.
    }
  }
}
