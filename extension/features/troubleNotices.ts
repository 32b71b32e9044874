import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import type { Log } from '../log/log.ts';
import type { OutcomeWords } from './toolWords.ts';

/**
 * Logs what went wrong, every time, and interrupts the user once per trouble: not again until the
 * same tool has succeeded in the same place.
 */
export class TroubleNotices {
  private readonly told = new Map<string, Set<string>>();

  constructor(
    private readonly log: Log,
    /** What the log says of every trouble. */
    private readonly message: string,
  ) {}

  /** `place` is the folder that the tool works for. */
  handle(words: OutcomeWords, place: string, file: string): void {
    if (words.severity === 'information') {
      this.told.delete(place);
      return;
    }
    this.log.warn(this.message, { file, what: words.text, detail: words.detail });
    if (!words.isUrgent || this.hasBeenTold(place, `${words.text} ${words.detail ?? ''}`)) return;
    const showLog = vscode.l10n.t('Show Log');
    void vscode.window
      .showWarningMessage(`Greenroom – ${words.text}: ${words.detail ?? ''}`, showLog)
      .then(choice => {
        if (choice) void vscode.commands.executeCommand(commandIds.showLog);
      });
  }

  private hasBeenTold(place: string, text: string): boolean {
    const texts = this.told.get(place) ?? new Set();
    this.told.set(place, texts);
    const has = texts.has(text);
    texts.add(text);
    return has;
  }
}
