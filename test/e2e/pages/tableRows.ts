import type { Locator } from 'playwright-core';

/** A row of a table, each cell under the words of its column's header. */
export type TableRow = Readonly<Record<string, string>>;

/** The rows of a plain HTML table as they are shown; none if there is no such table. */
export async function tableRows(table: Locator): Promise<readonly TableRow[]> {
  const rows = await table.evaluateAll(tables =>
    tables
      .slice(0, 1)
      .flatMap(element =>
        [...element.querySelectorAll('tr')].map(row =>
          [...row.querySelectorAll<HTMLElement>('th, td')].map(cell =>
            cell.innerText.replace(/\s+/g, ' ').trim(),
          ),
        ),
      ),
  );
  const [headers = [], ...cells] = rows;
  return cells.map(row => Object.fromEntries(headers.map((name, at) => [name, row[at] ?? ''])));
}
