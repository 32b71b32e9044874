import * as comlink from 'comlink';
import type { Webview } from 'vscode';
import type { DashboardHostApi, DashboardViewApi } from '../../server/shared/protocol/dashboard.ts';

type MessageListener = (event: { data: unknown }) => void;

/**
 * Opens the door to a panel: it may call `host`, and the result calls the panel. Dispose the
 * subscription of `webview` with the panel; comlink keeps nothing else.
 */
export function openDoor(
  webview: Webview,
  host: DashboardHostApi,
): comlink.Remote<DashboardViewApi> {
  const endpoint = webviewEndpoint(webview);
  comlink.expose(Object.freeze(host), endpoint); // frozen: a peer may not overwrite a method
  return comlink.wrap<DashboardViewApi>(endpoint);
}

/** VS Code's message channel in the form comlink knows. Nothing that is transferred can pass it. */
function webviewEndpoint(webview: Webview): comlink.Endpoint {
  const subscriptions = new Map<unknown, { dispose(): void }>();
  return {
    postMessage: message => void webview.postMessage(message),
    addEventListener: (_type, listener) => {
      const receive = listener as unknown as MessageListener;
      subscriptions.set(
        listener,
        webview.onDidReceiveMessage((data: unknown) => receive({ data })),
      );
    },
    removeEventListener: (_type, listener) => {
      subscriptions.get(listener)?.dispose();
      subscriptions.delete(listener);
    },
  };
}
