import { html, type TemplateResult } from 'lit';

/** An icon beside a word that says the same. */
export function codicon(name: string, className = ''): TemplateResult {
  return html`<span class="codicon codicon-${name} ${className}" aria-hidden="true"></span>`;
}
