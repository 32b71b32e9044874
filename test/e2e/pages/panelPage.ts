import type { Frame, Locator, Page } from 'playwright-core';
import { setTimeout as delay } from 'node:timers/promises';
import { tableRows, type TableRow } from './tableRows.ts';

const patienceMs = 60_000;

/** The performance panel as its reader sees it. The webview must be open already. */
export class PanelPage {
  /** The innermost frame: the extension's own page inside VS Code's two. */
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Waits until the panel has drawn something. */
  static async find(page: Page): Promise<PanelPage> {
    await page.locator('iframe.webview.ready').first().waitFor({ timeout: patienceMs });
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      for (const frame of page.frames()) {
        if (await isDrawnPanel(frame)) return new PanelPage(frame);
      }
      await delay(100);
    }
    throw new Error('the performance panel was not drawn in time');
  }

  async sessionRows(): Promise<readonly TableRow[]> {
    return tableRows(this.table('Sessions'));
  }

  /** All of them: the table shows the first few until a person asks for more. */
  async methodRows(): Promise<readonly TableRow[]> {
    const table = this.table('Latencies');
    const more = table.locator('tr.more button[aria-expanded="false"]');
    if (await more.isVisible()) await more.click();
    return tableRows(table);
  }

  async callRows(): Promise<readonly TableRow[]> {
    return tableRows(this.table('Recent calls'));
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name });
  }

  table(name: string): Locator {
    return this.frame.getByRole('table', { name, exact: true });
  }

  /** The whole panel as a PNG: the window is made as high as the panel for as long as it takes. */
  async takePicture(file: string): Promise<void> {
    const page = this.frame.page();
    const size = page.viewportSize();
    const body = this.frame.locator('body');
    const height = await body.evaluate(
      element => element.ownerDocument.documentElement.scrollHeight,
    );
    if (size) await page.setViewportSize({ ...size, height: height + 200 });
    await body.screenshot({ path: file });
    if (size) await page.setViewportSize(size);
  }

  /** Waits until a reading is as it should be, and gives it; at the end of patience, says what it was. */
  async until<T>(read: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
    const deadline = performance.now() + patienceMs;
    let value = await read();
    while (!isSo(value)) {
      if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`);
      await delay(100);
      value = await read();
    }
    return value;
  }
}

/** VS Code has two frames around a page of ours, and may show an old page while a new one loads. */
async function isDrawnPanel(frame: Frame): Promise<boolean> {
  try {
    if (!frame.parentFrame()?.parentFrame()) return false;
    const element = await frame.frameElement();
    if ((await element.getAttribute('id')) !== 'active-frame') return false;
    return (await frame.locator('main#app > *').count()) > 0;
  } catch {
    return false; // the frame went away meanwhile
  }
}
