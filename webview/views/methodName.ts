import { html, nothing, type TemplateResult } from 'lit';
import type { DashboardStrings } from '../../server/shared/protocol/dashboard.ts';
import type { MethodIdentity } from '../../server/shared/protocol/snapshot.ts';
import { codicon } from './codicon.ts';

/** The method, with the way it goes; a long one may break behind a slash. */
export function methodName(
  { method, from, isNotification }: MethodIdentity,
  strings: DashboardStrings,
): TemplateResult {
  const way = from ? strings.fromServer : strings.toTool;
  const [first, ...others] = method.split(/(?<=\/)/u);
  return html`
    <span class=${from ? 'way back' : 'way'} title=${way}>
      ${codicon(from ? 'arrow-left' : 'arrow-right')}
      ${from ? html`<span class="visually-hidden">${way}</span>` : nothing}
    </span>
    ${first}${others.map(part => html`<wbr />${part}`)}
    ${isNotification ? html`<span class="aside">${strings.notification}</span>` : nothing}
  `;
}
