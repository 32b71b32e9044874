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
  const endpoint = webviewEndpoint(webview, message => isAllowed(message, host));
  comlink.expose(host, endpoint);
  return comlink.wrap<DashboardViewApi>(endpoint);
}

/** VS Code's message channel in the form comlink knows. Nothing that is transferred can pass it. */
function webviewEndpoint(
  webview: Webview,
  isAllowed: (message: unknown) => boolean,
): comlink.Endpoint {
  const subscriptions = new Map<unknown, { dispose(): void }>();
  return {
    postMessage: message => void webview.postMessage(message),
    addEventListener: (_type, listener) => {
      const receive = listener as unknown as MessageListener;
      subscriptions.set(
        listener,
        webview.onDidReceiveMessage((data: unknown) => {
          if (isAllowed(data)) receive({ data });
        }),
      );
    },
    removeEventListener: (_type, listener) => {
      subscriptions.get(listener)?.dispose();
      subscriptions.delete(listener);
    },
  };
}

/**
 * Comlink lets a peer read, set and construct along any path, prototypes included. What may pass here
 * is a call of one of the host's own methods, and the answer to a call of ours.
 */
export function isAllowed(message: unknown, host: object): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { type, path } = message as { type?: unknown; path?: unknown };
  if (type === 'RAW' || type === 'HANDLER') return true;
  if (type !== 'APPLY' || !Array.isArray(path) || path.length !== 1) return false;
  return typeof path[0] === 'string' && Object.hasOwn(host, path[0]);
}
