import * as Comlink from 'comlink';
import type { DashboardHostApi, DashboardViewApi } from '../server/shared/protocol/dashboard.ts';

/** What VS Code gives a webview, once. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Serves `view` to the extension host and returns the host's side of the same channel. */
export function openDoor(
  vscode: VsCodeApi,
  view: DashboardViewApi,
): Comlink.Remote<DashboardHostApi> {
  const endpoint: Comlink.Endpoint = {
    postMessage: message => vscode.postMessage(message),
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
  };
  Comlink.expose(Object.freeze(view), endpoint);
  return Comlink.wrap<DashboardHostApi>(endpoint);
}
