import { html, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { DashboardStrings } from '../../server/shared/protocol/dashboard.ts';
import type { PanelActions } from '../actions.ts';
import { codicon } from './codicon.ts';

export function emptyState(strings: DashboardStrings, actions: PanelActions): TemplateResult {
  return html`
    <div class="empty">
      ${codicon('coffee')}
      <h2>${strings.noSessions}</h2>
      <p>${strings.noSessionsHint}</p>
      <vscode-button @click=${actions.prewarm}>${strings.prewarm}</vscode-button>
    </div>
  `;
}
