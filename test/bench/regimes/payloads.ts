import { serialize } from 'node:v8';
import { onSides } from './onSides.ts';

const records = Array.from({ length: 50 }, (_, index) => ({
  index,
  scaled: index * 1.5,
  label: `record ${index}`,
}));

const numbers = Array.from({ length: 8_192 }, (_, n) => (n * 7_919) % 65_536);

const nested = Array.from({ length: 2_000 }, (_, id) => ({
  id,
  name: `record number ${id}`,
  changedAt: new Date(1_700_000_000_000 + id * 60_000),
  attributes: new Map<string, unknown>([
    ['colour', id % 2 === 0 ? 'green' : 'grey'],
    ['seenAt', new Date(1_600_000_000_000 + id)],
  ]),
  place: { row: id >> 5, seat: { number: id & 31, tags: ['stage', `row ${id >> 5}`] } },
}));

const kibibyte = 1024;

export const payloads = [
  onSides({
    name: 'payload_small_checksum',
    operations: records.length,
    async step({ workload }) {
      const checksums = [];
      for (const record of records) checksums.push(await workload.checksum(record));
      return checksums;
    },
  }),
  onSides({
    name: 'payload_large_sum',
    floor: { bytes: JSON.stringify(numbers).length },
    step: ({ workload }) => workload.sum(numbers),
  }),
  onSides({
    name: 'payload_nested',
    need: 'mapsAndDates',
    floor: { bytes: serialize(nested).length },
    step: ({ workload }) => workload.echo(nested),
  }),
  bytesThereAndBack('bytes_roundtrip_512kb', 512 * kibibyte),
  bytesThereAndBack('bytes_roundtrip_16mb', 16 * kibibyte * kibibyte),
];

function bytesThereAndBack(name: string, size: number) {
  const bytes = Uint8Array.from({ length: size }, (_, n) => (n * 31) & 0xff);
  return onSides({
    name,
    need: 'bytes',
    floor: { bytes: size },
    step: ({ workload }) => workload.echo(bytes),
  });
}
