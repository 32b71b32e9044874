import { html, nothing, type TemplateResult } from 'lit';
import type { PanelModel } from '../panelModel.ts';
import type { SectionName } from '../viewState.ts';
import { codicon } from './codicon.ts';

export interface SectionContent {
  readonly name: SectionName;
  readonly heading: string;
  /** A few words beside the heading. */
  readonly note?: unknown;
  readonly body: unknown;
}

/** A part of the panel that a person may fold away. */
export function section(model: PanelModel, content: SectionContent): TemplateResult {
  const { name, heading, note, body } = content;
  return html`
    <details
      class="section section-${name}"
      .open=${!model.view.collapsed.includes(name)}
      @toggle=${(event: Event) => rememberFolding(model, name, event)}
    >
      <summary>
        ${codicon('chevron-right', 'chevron')}
        <h2>${heading}</h2>
        ${note ? html`<span class="note">${note}</span>` : nothing}
      </summary>
      ${body}
    </details>
  `;
}

function rememberFolding(model: PanelModel, name: SectionName, event: Event): void {
  if (!(event.currentTarget instanceof HTMLDetailsElement)) return;
  const { collapsed } = model.view;
  const isOpen = event.currentTarget.open;
  if (isOpen !== collapsed.includes(name)) return; // the toggle that our own drawing caused
  const others = collapsed.filter(other => other !== name);
  model.arrange({ collapsed: isOpen ? others : [...others, name] });
}
