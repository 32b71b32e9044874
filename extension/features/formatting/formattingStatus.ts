import * as vscode from 'vscode';
import { clip } from '../../../server/shared/base/clip.ts';
import { unreachable } from '../../../server/shared/base/unreachable.ts';
import type { SessionEvent, ToolInfo } from '../../../server/shared/protocol/events.ts';
import { commandIds } from '../../contributions.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import type { DocumentFormatter } from './documentFormatter.ts';
import { bundledSelector } from './formattingProviders.ts';
import { describeOutcome, toolName, type OutcomeWords } from './outcomeWords.ts';
import { isWithin } from './isWithin.ts';

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

/** What the status needs to know of a live session. */
interface LiveSession {
  readonly state: 'starting' | 'ready' | 'draining';
  readonly tool?: ToolInfo;
}

/**
 * The language status item: how the active document's last formatting went, or else the session that
 * waits for it. Opens the log.
 */
export class FormattingStatus implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem(
    'greenroom.prettier',
    bundledSelector,
  );
  private readonly lastWords = new Map<string, OutcomeWords>();
  private readonly live = new Map<string, LiveSession>();
  private readonly subscriptions: { dispose(): void }[];

  constructor(
    formatter: DocumentFormatter,
    private readonly pool: SessionPool,
  ) {
    this.item.name = 'Greenroom';
    this.item.command = { title: vscode.l10n.t('Show Log'), command: commandIds.showLog };
    this.subscriptions = [
      this.item,
      formatter.onDidFormat(({ document, outcome }) => {
        const words = describeOutcome(outcome);
        if (words) this.lastWords.set(document.uri.toString(), words);
        this.show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.lastWords.delete(uri.toString())),
      pool.onEvent(event => {
        if (this.follow(event)) this.show();
      }),
    ];
    this.show();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Keeps up with the sessions; whether something changed that is shown. */
  private follow(event: SessionEvent): boolean {
    const known = this.live.get(event.session);
    switch (event.kind) {
      case 'launching':
        this.live.set(event.session, { state: 'starting' });
        return true;
      case 'ready':
      case 'draining':
        this.live.set(event.session, { ...known, state: event.kind });
        return true;
      case 'toolOpened':
        this.live.set(event.session, { state: 'ready', ...known, tool: event.tool });
        return true;
      case 'closed':
        return this.live.delete(event.session);
      case 'adopted':
      case 'leases':
      case 'called':
      case 'slow':
      case 'suspended':
        return false;
      default:
        return unreachable(event);
    }
  }

  private show(): void {
    const document = vscode.window.activeTextEditor?.document;
    const words = document && this.lastWords.get(document.uri.toString());
    const session = document && this.sessionOf(document.uri.fsPath);
    const name = session?.tool ? toolName(session.tool) : 'Greenroom';
    this.item.busy = session?.state === 'starting';
    this.item.text = `$(paintcan) ${words?.text ?? name}`;
    // The whole of it is in the log; a long detail would push the link there off the screen.
    this.item.detail = clip(words?.detail ?? stateWords(session?.state), 80);
    this.item.severity = severities[words?.severity ?? 'information'];
  }

  /** The session of the innermost folder that holds the file. */
  private sessionOf(file: string): LiveSession | undefined {
    const holding = this.pool.sessions
      .flatMap(({ id, tools }) => tools.map(({ root }) => ({ id, root })))
      .filter(({ root }) => isWithin(file, root))
      .sort((a, b) => b.root.length - a.root.length);
    return holding[0] && this.live.get(holding[0].id);
  }
}

function stateWords(state: LiveSession['state'] | undefined): string {
  const { t } = vscode.l10n;
  switch (state) {
    case 'starting':
      return t('Session starting');
    case 'ready':
      return t('Session ready');
    case 'draining':
      return t('Session ending');
    case undefined:
      return t('No session yet');
    default:
      return unreachable(state);
  }
}
