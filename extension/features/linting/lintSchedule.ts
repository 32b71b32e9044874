import type { TextDocument } from 'vscode';
import type { DisposableLike } from '../../../server/shared/base/disposable.ts';
import type { Clock } from '../../../server/shared/base/platform.ts';
import { Withdrawal } from './withdrawal.ts';

/** Where one document stands. */
interface Turn {
  /** Until it begins. */
  timer?: DisposableLike | undefined;
  /** The one under way. */
  running?: Withdrawal | undefined;
  /** Another one is wanted as soon as it is over. */
  isWanted: boolean;
}

/** Decides when each document is linted: not while it changes, and one time after the other. */
export class LintSchedule implements DisposableLike {
  private readonly turns = new Map<string, Turn>();

  constructor(
    /** Must not throw. */
    private readonly lint: (document: TextDocument, withdrawal: Withdrawal) => Promise<void>,
    private readonly clock: Clock,
  ) {}

  /** Whatever is under way is out of date; `delayMs` after the last request it is done anew. */
  request(document: TextDocument, delayMs: number): void {
    const key = document.uri.toString();
    const turn = this.turns.get(key) ?? { isWanted: false };
    this.turns.set(key, turn);
    turn.running?.withdraw();
    turn.timer?.dispose();
    turn.timer = this.clock.after(delayMs, () => this.begin(document, turn));
  }

  /** Nothing more is wanted for the document. */
  drop({ uri }: Pick<TextDocument, 'uri'>): void {
    const turn = this.turns.get(uri.toString());
    if (turn) stop(turn);
    this.turns.delete(uri.toString());
  }

  dispose(): void {
    for (const turn of this.turns.values()) stop(turn);
    this.turns.clear();
  }

  private begin(document: TextDocument, turn: Turn): void {
    turn.timer = undefined;
    if (turn.running) turn.isWanted = true;
    else void this.run(document, turn);
  }

  private async run(document: TextDocument, turn: Turn): Promise<void> {
    do {
      turn.isWanted = false;
      turn.running = new Withdrawal();
      await this.lint(document, turn.running);
      turn.running = undefined;
    } while (turn.isWanted);
  }
}

function stop(turn: Turn): void {
  turn.timer?.dispose();
  turn.running?.withdraw();
  turn.isWanted = false;
}
