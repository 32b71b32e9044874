import { greenroom } from '../sides/greenroom.ts';

const mebibyte = 1024 * 1024;
const inFlight = 1_000;

/** What 990,000 more calls leave behind in the host and in the worker, in MiB. */
export async function memoryAfterCalls(): Promise<Readonly<Record<string, number>>> {
  await using side = await greenroom.open(undefined);
  const { workload } = side;
  const rows: Record<string, number> = {};
  let made = 0;
  for (const calls of [10_000, 1_000_000]) {
    for (; made < calls; made += inFlight) {
      await Promise.all(
        Array.from({ length: inFlight }, (_, n) =>
          n % 2 === 0 ? workload.ping() : workload.echo({ index: n, label: 'one of many' }),
        ),
      );
    }
    globalThis.gc?.();
    const after = `after ${calls.toLocaleString('en')} calls`;
    rows[`heap of the host ${after}`] = process.memoryUsage().heapUsed / mebibyte;
    rows[`resident memory of the worker ${after}`] = (await workload.residentBytes()) / mebibyte;
  }
  return rows;
}
