import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { PanelModel } from '../panelModel.ts';

export function toolbar(model: PanelModel, hasCalls: boolean): TemplateResult {
  const { strings, actions } = model;
  return html`
    <header>
      <h1>${strings.title}</h1>
      ${hasCalls ? filterField(model) : nothing}
      <div class="toolbar">
        ${button('flame', strings.prewarm, actions.prewarm)}
        ${button('clear-all', strings.resetStatistics, actions.resetStatistics)}
        ${button('output', strings.showLog, actions.showLog)}
      </div>
    </header>
  `;
}

function filterField({ strings, view, arrange }: PanelModel): TemplateResult {
  const take = ({ target }: Event) => {
    if (target instanceof HTMLInputElement) arrange({ filter: target.value });
  };
  return html`
    <input
      class="filter"
      type="search"
      aria-label=${strings.filterCalls}
      placeholder=${strings.filterCalls}
      .value=${live(view.filter)}
      @input=${take}
    />
  `;
}

function button(icon: string, label: string, onClick: () => void): TemplateResult {
  return html`
    <vscode-toolbar-button icon=${icon} label=${label} @click=${onClick}>
      <span>${label}</span>
    </vscode-toolbar-button>
  `;
}
