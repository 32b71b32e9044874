import * as vscode from 'vscode';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { LiveSessions } from '../liveSessions.ts';
import { ToolStatus } from '../toolStatus.ts';
import type { DocumentFormatter } from './documentFormatter.ts';
import type { OfferedLanguages } from './languages.ts';
import { describeOutcome } from './outcomeWords.ts';

const formattersOfPython = new Set(['autopep8', 'black', 'isort']);

/** The language status item of one kind of formatter. */
export class FormattingStatus implements vscode.Disposable {
  private readonly owned: vscode.Disposable;

  constructor(
    formatter: DocumentFormatter,
    pool: SessionPool,
    name: OfferedLanguages['name'],
    selector: readonly vscode.DocumentFilter[],
  ) {
    const sessions = new LiveSessions(pool, tool =>
      name === 'python' ? formattersOfPython.has(tool) : tool === name,
    );
    const status = new ToolStatus(
      { id: `greenroom.${name}`, title: 'Formatting', icon: '$(paintcan)', selector },
      sessions,
    );
    const subscription = formatter.onDidFormat(({ document, outcome }) => {
      const words = describeOutcome(outcome);
      if (words) status.tell(document, words);
    });
    this.owned = vscode.Disposable.from(sessions, status, subscription);
  }

  dispose(): void {
    this.owned.dispose();
  }
}
