import { render } from 'lit';
import { createActions, detach } from './actions.ts';
import { announcement } from './announce.ts';
import { openDoor, type VsCodeApi } from './door.ts';
import { createFormats } from './format.ts';
import { keepFocus } from './keepFocus.ts';
import { Store } from './store.ts';
import { readStrings } from './strings.ts';
import { panel } from './views/panel.ts';

declare function acquireVsCodeApi(): VsCodeApi;

const tickMs = 1000;

function main(root: HTMLElement): void {
  const strings = readStrings(document.body);
  const format = createFormats(strings.language);
  const vscode = acquireVsCodeApi();
  const store = new Store(vscode, () => performance.now());
  let spoken = '';
  const host = openDoor(vscode, {
    show: async snapshot => {
      spoken = announcement(store.snapshot, snapshot, strings) || spoken;
      store.show(snapshot);
    },
  });
  const actions = createActions(host);

  function draw(): void {
    const { snapshot, nowMs, view } = store;
    if (!snapshot) return;
    const arrange = store.arrange.bind(store);
    const model = { snapshot, nowMs, view, strings, format, actions, arrange };
    keepFocus(root, () => render(panel(model, spoken), root));
  }

  const requestDraw = oncePerFrame(draw);
  store.onDidChange(requestDraw);
  setInterval(requestDraw, tickMs);
  detach(host.attached());
}

/** Frames come only while the page is visible, so nothing is drawn that nobody sees. */
function oncePerFrame(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}

const root = document.getElementById('app');
if (root) main(root);
