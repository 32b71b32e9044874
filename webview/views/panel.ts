import { html, type TemplateResult } from 'lit';
import type { PanelModel } from '../panelModel.ts';
import { emptyState } from './emptyState.ts';
import { latencies } from './latencies.ts';
import { recentCalls } from './recentCalls.ts';
import { sessions } from './sessions.ts';
import { timeline } from './timeline.ts';
import { toolbar } from './toolbar.ts';

export function panel(model: PanelModel, spoken: string): TemplateResult {
  const { snapshot, strings, actions } = model;
  const { sessions: all, methods, recentCalls: calls } = snapshot;
  const isEmpty = all.length + methods.length + calls.length === 0;
  return html`
    ${toolbar(model, methods.length + calls.length > 0)}
    <div class="visually-hidden" role="status">${spoken}</div>
    ${
      isEmpty
        ? emptyState(strings, actions)
        : [sessions(model), timeline(model), latencies(model), recentCalls(model)]
    }
  `;
}
