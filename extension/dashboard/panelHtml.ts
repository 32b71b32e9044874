import crypto from 'node:crypto';
import * as vscode from 'vscode';
import type { DashboardStrings } from '../../server/shared/protocol/dashboard.ts';

/** The panel's page: no inline code or style, nothing from anywhere but the extension. */
export function panelHtml(
  webview: vscode.Webview,
  assets: vscode.Uri,
  strings: DashboardStrings,
): string {
  const nonce = crypto.randomBytes(16).toString('base64');
  const asset = (...segments: string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(assets, ...segments)).toString();
  const { cspSource } = webview;
  const policy = [
    `default-src 'none'`,
    `img-src ${cspSource}`,
    `font-src ${cspSource}`,
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(strings.language)}">
  <head>
    <meta charset="UTF-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>${attribute(strings.title)}</title>
    <link rel="stylesheet" href="${asset('dashboard.css')}">
    <link rel="stylesheet" href="${asset(
      'codicons',
      'codicon.css',
    )}" id="vscode-codicon-stylesheet">
  </head>
  <body data-strings="${attribute(JSON.stringify(strings))}">
    <main id="app"></main>
    <script nonce="${nonce}" src="${asset('webview.js')}"></script>
  </body>
</html>`;
}

function attribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
