import { html, type TemplateResult } from 'lit';

/** The colour of a mark, for a legend. */
export function swatch(className: string): TemplateResult {
  return html`
    <svg class="swatch" aria-hidden="true">
      <rect class=${className} width="100%" height="100%" />
    </svg>
  `;
}
