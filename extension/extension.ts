import type * as vscode from 'vscode';
import type { GreenroomApi } from './extensionApi.ts';
import { createServices, type Services } from './services.ts';

// Not among the context's subscriptions: those are disposed without waiting for the orderly close.
let services: Services | undefined;

export function activate(context: vscode.ExtensionContext): GreenroomApi {
  services = createServices(context);
  services.begin();
  return services.api;
}

export function deactivate(): Promise<void> | undefined {
  return services?.close();
}
