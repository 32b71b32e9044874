import fs from 'node:fs';
import path from 'node:path';
import { errors, type Locator, type Page } from 'playwright-core';
import type { Settings } from '../../host/userSettings.ts';
import type { Workbench } from '../../host/workbench.ts';

const patienceMs = 60_000;

/** What a person does with the workbench, by what a person sees of it. */
export class WorkbenchPage {
  readonly page: Page;
  private readonly settingsFile: string;

  constructor({ page, folder }: Workbench) {
    this.page = page;
    this.settingsFile = path.join(folder, '.vscode/settings.json');
  }

  /** `title` as the palette shows it, with its category: `Greenroom: Prewarm Sessions`. */
  async runCommand(title: string): Promise<void> {
    await this.pick(`>${title}`, title);
  }

  /** Draws the workbench anew, as a user would: in order, so that what was open is remembered. */
  async reloadWindow(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: patienceMs });
    await this.runCommand('Developer: Reload Window');
    await loaded;
  }

  /** Takes the first entry of the list that a command has opened. */
  async chooseFirst(): Promise<void> {
    const row = this.page.locator('.quick-input-widget .monaco-list-row').first();
    await row.click({ timeout: patienceMs });
  }

  /** Opens a file through quick open; `name` is its base name. */
  async openFile(name: string): Promise<void> {
    await this.pick(name, name);
    await this.activeTab.filter({ hasText: name }).waitFor({ timeout: patienceMs });
    await this.activeEditor.locator('.view-line').first().waitFor({ timeout: patienceMs });
  }

  /** Waits until the formatting has changed the file: VS Code says no other word about its end. */
  async formatDocument(): Promise<void> {
    await this.runCommand('Format Document');
    const changed = this.page.locator('.tab.active.dirty');
    const refusal = this.page.locator('.notification-list-item:has(.codicon-error)');
    await changed.or(refusal).first().waitFor({ timeout: patienceMs });
    if (await changed.count()) return;
    throw new Error(`Format Document: ${(await refusal.first().innerText()).trim()}`);
  }

  async saveFile(): Promise<void> {
    await this.runCommand('File: Save');
    await this.page.locator('.tab.active:not(.dirty)').first().waitFor({ timeout: patienceMs });
  }

  /** The lines on the screen, from top to bottom; those out of sight are not part of it. */
  async editorText(): Promise<string> {
    return this.activeEditor.locator('.view-lines').evaluate(lines =>
      [...lines.querySelectorAll<HTMLElement>('.view-line')]
        .sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top))
        .map(line => (line.textContent ?? '').replaceAll('\u00a0', ' '))
        .join('\n'),
    );
  }

  /** The last lines of the output channel that is open below the editor. */
  async outputText(): Promise<string> {
    const lines = await this.page.locator('.part.panel .view-line').allTextContents();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Waits for an item of the status bar that shows `text`, and gives all that it shows. */
  async waitForStatus(text: string | RegExp): Promise<string> {
    return textOf(this.page.locator('.statusbar-item').filter({ hasText: text }));
  }

  /** What the item behind the braces of the status bar shows of the active document. */
  async languageStatus(): Promise<string> {
    await this.page.locator('[id="status.languageStatus"]').hover();
    const shown = await textOf(this.page.locator('.hover-language-status'));
    await this.page.mouse.move(0, 0);
    return shown.replace(/\s+/gu, ' ');
  }

  async waitForNotification(text: string | RegExp): Promise<string> {
    return textOf(this.notifications(text).locator('.notification-list-item-message'));
  }

  async countNotifications(text: string | RegExp): Promise<number> {
    return this.notifications(text).count();
  }

  async pressNotificationButton(text: string | RegExp, label: string): Promise<void> {
    const button = this.notifications(text).getByRole('button', { name: label });
    await button.first().click({ timeout: patienceMs });
  }

  /** What "Show Running Extensions" says that activating the extension of that name took. */
  async activationMs(extension: string): Promise<number> {
    await this.runCommand('Developer: Show Running Extensions');
    const row = this.page
      .locator('.runtime-extensions-editor .extension')
      .filter({ has: this.page.locator('.name').getByText(extension, { exact: true }) });
    const shown = await textOf(row.locator('.activation-time').filter({ hasText: /\d\s*ms/u }));
    return Number(/(\d+)\s*ms/u.exec(shown)?.[1] ?? NaN);
  }

  async setTheme(theme: string): Promise<void> {
    this.setSettings({ 'workbench.colorTheme': theme });
    const kind = themeKind(theme);
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: patienceMs });
  }

  /** Adds to the settings of the folder, which VS Code watches; `undefined` takes one away. */
  setSettings(settings: Settings): void {
    const present = fs.existsSync(this.settingsFile)
      ? (JSON.parse(fs.readFileSync(this.settingsFile, 'utf8')) as Settings)
      : {};
    fs.mkdirSync(path.dirname(this.settingsFile), { recursive: true });
    fs.writeFileSync(this.settingsFile, JSON.stringify({ ...present, ...settings }));
  }

  private notifications(text: string | RegExp): Locator {
    return this.page
      .locator('.notification-toast .notification-list-item')
      .filter({ hasText: text });
  }

  private get activeTab(): Locator {
    return this.page.locator('.editor-group-container.active .tab.active');
  }

  private get activeEditor(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance');
  }

  /**
   * Chooses the row that is called exactly so. Commands of an extension come some seconds after
   * the workbench, and an open picker does not take them up: it is opened again until they are there.
   */
  private async pick(query: string, label: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const row = widget
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) });
    const deadline = performance.now() + patienceMs;
    while (true) {
      await this.page.keyboard.press('F1');
      try {
        await widget.locator('input.input').first().fill(query, { timeout: 5_000 });
        await row.first().click({ timeout: 3_000 });
        return await widget.waitFor({ state: 'hidden', timeout: 10_000 });
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || performance.now() > deadline) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }
}

async function textOf(locator: Locator): Promise<string> {
  await locator.first().waitFor({ timeout: patienceMs });
  return (await locator.first().innerText()).trim();
}

/** The class that the workbench wears in a theme of that name. */
function themeKind(theme: string): string {
  const light = /light/i.test(theme);
  if (/high contrast/i.test(theme)) return light ? 'hc-light' : 'hc-black';
  return light ? 'vs' : 'vs-dark';
}
