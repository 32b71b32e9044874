import * as vscode from 'vscode';
import { clip } from '../../server/shared/base/clip.ts';
import { commandIds } from '../contributions.ts';
import type { LiveSession, LiveSessions } from './liveSessions.ts';
import { sessionWords, toolName, withTier, type OutcomeWords } from './toolWords.ts';

/** How the status item of one kind of tool looks. */
export interface StatusLook {
  readonly id: string;
  /** Tells it from the other items of Greenroom. */
  readonly title: string;
  /** A codicon, `$(paintcan)` for example. */
  readonly icon: string;
  readonly selector: vscode.DocumentSelector;
}

/**
 * A language status item: how it last went with the active document, or else the session that waits
 * for it. Opens the log.
 */
export class ToolStatus implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private readonly lastWords = new Map<string, OutcomeWords>();
  private readonly subscriptions: { dispose(): void }[];
  private selected: vscode.DocumentSelector;

  constructor(
    private readonly look: StatusLook,
    private readonly sessions: LiveSessions,
  ) {
    this.selected = look.selector;
    this.item = vscode.languages.createLanguageStatusItem(look.id, look.selector);
    this.item.name = `Greenroom ${look.title}`;
    this.item.command = { title: vscode.l10n.t('Show Log'), command: commandIds.showLog };
    this.subscriptions = [
      this.item,
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.lastWords.delete(uri.toString())),
      sessions.onDidChange(() => this.show()),
    ];
    this.show();
  }

  set selector(selector: vscode.DocumentSelector) {
    this.selected = selector;
    this.show();
  }

  tell(document: vscode.TextDocument, words: OutcomeWords): void {
    if (!document.isClosed) this.lastWords.set(document.uri.toString(), words);
    this.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show(): void {
    const { look, item } = this;
    const document = vscode.window.activeTextEditor?.document;
    const words = document && this.lastWords.get(document.uri.toString());
    const session = document && this.sessions.sessionOf(document.uri.fsPath);
    const name = session?.tool ? toolName(session.tool) : 'Greenroom';
    item.selector = words?.isNone ? nowhere : this.selected;
    item.busy = session?.state === 'starting';
    item.text = `${look.icon} ${words?.text ?? name}`;
    // The whole of it is in the log; a long detail would push the link there off the screen.
    item.detail = clip(detailOf(words, session), 80);
    item.severity = severities[words?.severity ?? 'information'];
  }
}

/** What went well is told with how the session is confined; what went wrong, by itself. */
function detailOf(words: OutcomeWords | undefined, session: LiveSession | undefined): string {
  if (!words?.detail) return sessionWords(session);
  return words.severity === 'information' ? withTier(words.detail, session) : words.detail;
}

/** No document is of this kind. */
const nowhere: vscode.DocumentSelector = { scheme: 'greenroom-none' };

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;
