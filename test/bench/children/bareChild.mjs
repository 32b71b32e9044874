// The work of three regimes and nothing else: no frames, no values, no calls; asked for by single bytes.
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import { waitAwake } from './waitAwake.mjs';

const [, , workloadFile, toHere, fromHere, size] = process.argv;
const channel = new Socket({ fd: 3, readable: true, writable: true });
const load = async () => new (await import(workloadFile)).Workload();
let workload;

const work = {
  async p() {
    workload ??= await load();
    workload.ping();
  },
  async d() {
    workload ??= await load();
    workload.derive(20, 2_000);
  },
  e() {
    const bytes = Buffer.allocUnsafeSlow(Number(size));
    fs.readSync(Number(toHere), bytes, 0, bytes.length, 0);
    fs.writeSync(Number(fromHere), bytes, 0, bytes.length, 0);
    waitAwake();
  },
};

channel.on('data', async kind => {
  await work[String(kind)]();
  channel.write(kind);
});
channel.on('end', () => process.exit(0));
