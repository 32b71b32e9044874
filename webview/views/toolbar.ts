import { html, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { DashboardStrings } from '../../server/shared/protocol/dashboard.ts';
import type { PanelActions } from '../actions.ts';

export function toolbar(strings: DashboardStrings, actions: PanelActions): TemplateResult {
  return html`
    <header>
      <h1>${strings.title}</h1>
      <div class="toolbar">
        ${button('flame', strings.prewarm, actions.prewarm)}
        ${button('clear-all', strings.resetStatistics, actions.resetStatistics)}
        ${button('output', strings.showLog, actions.showLog)}
      </div>
    </header>
  `;
}

function button(icon: string, label: string, onClick: () => void): TemplateResult {
  return html`
    <vscode-toolbar-button icon=${icon} label=${label} @click=${onClick}>
      <span>${label}</span>
    </vscode-toolbar-button>
  `;
}
