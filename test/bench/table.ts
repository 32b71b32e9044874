import type { RegimeReport } from './report.ts';

type Rows = Readonly<Record<string, RegimeReport>>;

/** Two tables: Greenroom between the floor and the best peer, and every peer. */
export function renderTables(regimes: Rows): string {
  const summary = renderTable(['regime', ...summaryHeads], summaryRows(regimes));
  return [summary, ...peerTable(regimes)].join('\n\n');
}

const summaryHeads = ['floor', 'direct', 'greenroom', '/ floor', 'best peer', '/ greenroom', ''];

function summaryRows(regimes: Rows): readonly (readonly string[])[] {
  return Object.entries(regimes).map(([name, { floor, direct, greenroom, peers }]) => {
    const [best, bestUs] = bestOf(peers);
    return [
      name,
      microseconds(floor),
      microseconds(direct),
      microseconds(greenroom),
      ratio(greenroom, floor),
      microseconds(bestUs),
      ratio(bestUs, greenroom),
      best,
    ];
  });
}

function peerTable(regimes: Rows): readonly string[] {
  const peers = [...new Set(Object.values(regimes).flatMap(row => Object.keys(row.peers)))];
  const compared = Object.entries(regimes).filter(([, row]) => Object.keys(row.peers).length > 0);
  const rows = compared.map(([name, row]) => [
    name,
    ...peers.map(peer => microseconds(row.peers[peer])),
  ]);
  return rows.length > 0 ? [renderTable(['peers', ...peers], rows)] : [];
}

function bestOf(peers: Readonly<Record<string, number>>): readonly [string, number | undefined] {
  const [best] = Object.entries(peers).sort(([, a], [, b]) => a - b);
  return best ?? ['', undefined];
}

function microseconds(us: number | undefined): string {
  if (us === undefined) return '-';
  return us >= 100 ? Math.round(us).toLocaleString('en') : us.toFixed(us >= 10 ? 1 : 2);
}

function ratio(above: number | undefined, below: number | undefined): string {
  return above === undefined || below === undefined ? '-' : `${(above / below).toFixed(2)} x`;
}

/** Names to the left, figures to the right. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  const isName = (column: number) => column === 0 || head[column] === '';
  const render = (line: readonly string[]) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isName(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return lines.map(render).join('\n');
}
