import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import { tierOf } from '../../server/shared/protocol/confinement.ts';
import type { DashboardStrings } from '../../server/shared/protocol/dashboard.ts';
import type { ToolInfo } from '../../server/shared/protocol/events.ts';
import type { SessionSnapshot } from '../../server/shared/protocol/snapshot.ts';
import { timeOfDay, type PanelModel } from '../panelModel.ts';
import { describeConfinement } from '../confinementWords.ts';
import { describeReason, isFailure } from '../reasons.ts';
import { sessionName } from '../sessionName.ts';
import { fill } from '../strings.ts';
import { codicon } from './codicon.ts';
import { section } from './section.ts';

const longestKey = 22;

export function sessions(model: PanelModel): TemplateResult {
  const { strings, snapshot } = model;
  return section(model, {
    name: 'sessions',
    heading: strings.sessions,
    body:
      snapshot.sessions.length === 0
        ? html`<p class="nothing">${strings.noSessions}</p>`
        : table(model),
  });
}

function table(model: PanelModel): TemplateResult {
  const { strings, snapshot } = model;
  return html`
    <div class="scroller">
      <table aria-label=${strings.sessions}>
        <thead>
          <tr>
            <th scope="col">${strings.session}</th>
            <th scope="col">${strings.state}</th>
            <th scope="col">${strings.tool}</th>
            <th scope="col">${strings.confinement}</th>
            <th scope="col" class="number">${strings.pid}</th>
            <th scope="col" class="number">${strings.memory}</th>
            <th scope="col" class="number">${strings.leases}</th>
            <th scope="col" class="number">${strings.calls}</th>
            <th scope="col" class="number">${strings.age}</th>
            <th scope="col">${strings.lastReason}</th>
            <th scope="col" class="actions">${strings.actions}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            snapshot.sessions,
            session => session.id,
            session => row(model, session),
          )}
        </tbody>
      </table>
    </div>
  `;
}

function row(model: PanelModel, session: SessionSnapshot): TemplateResult {
  const { strings, format, nowMs } = model;
  const { label, state, runtime, reason } = session;
  const key = readable(session.key);
  const isClosed = state === 'closed';
  const lastReason = reason ? describeReason(reason, strings) : strings.causes[session.cause];
  return html`
    <tr class=${isClosed ? 'closed' : ''} tabindex="-1">
      <th scope="row">
        <span class="label">${label}</span>
        <span class="detail" title=${key}>${shorten(key)}</span>
      </th>
      <td>${stateMark(session)} ${strings.states[state]}</td>
      <td>
        ${session.tools.map(tool => toolName(model, tool))}
        ${runtime ? html`<span class="detail">${runtime}</span>` : nothing}
      </td>
      <td class="confinement">${confinementCell(model, session)}</td>
      <td class="number">${session.pid ?? '–'}</td>
      <td class="number">
        ${session.residentBytes === undefined ? '–' : format.bytes(session.residentBytes)}
      </td>
      <td class="number">${format.count(session.leases)}</td>
      <td class="number">${format.count(session.calls)}</td>
      <td class="number" title=${timeOfDay(model, session.launchedAtMs)}>
        ${format.age((session.closedAtMs ?? nowMs) - session.launchedAtMs)}
      </td>
      <td class="reason" title=${lastReason}>${lastReason}</td>
      <td class="actions">${isClosed ? nothing : actionButtons(model, session)}</td>
    </tr>
  `;
}

function stateMark({ state, reason }: SessionSnapshot): TemplateResult {
  switch (state) {
    case 'starting':
      return codicon('loading', 'codicon-modifier-spin');
    case 'ready':
      return codicon('pass', 'good');
    case 'draining':
      return codicon('watch', 'warning');
    case 'closed':
      return isFailure(reason) ? codicon('error', 'bad') : codicon('circle-slash');
  }
}

function confinementCell({ strings }: PanelModel, { confinement }: SessionSnapshot) {
  if (!confinement) return '–';
  const tier = tierOf(confinement);
  const details = describeConfinement(confinement, strings);
  return html`
    ${tierMarks[tier]()} ${strings.tiers[tier]}
    ${details === '' ? nothing : html`<span class="detail" title=${details}>${details}</span>`}
  `;
}

const tierMarks = {
  confined: () => codicon('shield', 'good'),
  partlyConfined: () => codicon('warning', 'warning'),
  unconfined: () => codicon('unlock', 'warning'),
};

function toolName({ strings }: PanelModel, tool: ToolInfo): TemplateResult {
  return html`
    <span class="tool"> ${tool.name} ${tool.version} ${originBadge(strings, tool)} </span>
  `;
}

function originBadge(strings: DashboardStrings, { origin }: ToolInfo) {
  switch (origin) {
    case 'project':
      return nothing;
    case 'bundled':
      return html`<vscode-badge>${strings.bundled}</vscode-badge>`;
    case 'machine':
      return html`<vscode-badge title=${strings.machineHint}>${strings.machine}</vscode-badge>`;
  }
}

function actionButtons({ strings, actions }: PanelModel, session: SessionSnapshot) {
  const restart = html`
    <vscode-toolbar-button
      icon="debug-restart"
      label=${fill(strings.restartSession, sessionName(session))}
      title=${strings.restart}
      @click=${() => actions.restart(session.id)}
    ></vscode-toolbar-button>
  `;
  return html`
    ${session.cause === 'spare' ? nothing : restart}
    <vscode-toolbar-button
      icon="close"
      label=${fill(strings.closeSession, sessionName(session))}
      title=${strings.close}
      @click=${() => actions.close(session.id)}
    ></vscode-toolbar-button>
  `;
}

/** A key is made of parts that are written like those of an address. */
function readable(key: string): string {
  return key.split('|').map(decodeURIComponent).join('|');
}

/** Keeps both ends: keys of one project differ at either. */
function shorten(key: string): string {
  if (key.length <= longestKey) return key;
  const half = (longestKey - 1) >> 1;
  return `${key.slice(0, half)}…${key.slice(-half)}`;
}
