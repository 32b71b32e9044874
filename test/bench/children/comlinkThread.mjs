import { parentPort } from 'node:worker_threads';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { Workload } from './workload.mjs';

comlink.expose(new Workload(), nodeEndpoint(parentPort));
