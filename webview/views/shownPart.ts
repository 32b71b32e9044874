import { html, nothing, type TemplateResult } from 'lit';
import type { PanelModel } from '../panelModel.ts';
import { fill } from '../strings.ts';
import { codicon } from './codicon.ts';

export interface LongList<T> {
  /** By this it is remembered that a person wants to see all of it. */
  readonly name: string;
  /** What to call it for who does not see where the button stands. */
  readonly title: string;
  readonly items: readonly T[];
  readonly mostShown: number;
  readonly columns: number;
}

/** As much of a long list as is shown, and a row of the table with a button that shows the rest. */
export function shownPart<T>(
  model: PanelModel,
  { name, title, items, mostShown, columns }: LongList<T>,
): { readonly shown: readonly T[]; readonly button: TemplateResult | typeof nothing } {
  const { strings, format, view, arrange } = model;
  const hidden = items.length - mostShown;
  // A button in the place of a single row would save nothing.
  if (hidden <= 1) return { shown: items, button: nothing };
  const isExpanded = view.expanded.includes(name);
  const others = view.expanded.filter(other => other !== name);
  const toggle = () => arrange({ expanded: isExpanded ? others : [...others, name] });
  const words = isExpanded ? strings.showFewer : fill(strings.showMore, format.count(hidden));
  const button = html`
    <tr class="more">
      <td colspan=${columns}>
        <button class="sort" aria-expanded=${isExpanded} @click=${toggle}>
          ${codicon(isExpanded ? 'chevron-up' : 'chevron-down')} ${words}
          <span class="visually-hidden">${title}</span>
        </button>
      </td>
    </tr>
  `;
  return { shown: isExpanded ? items : items.slice(0, mostShown), button };
}
