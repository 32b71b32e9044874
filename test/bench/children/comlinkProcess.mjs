import process from 'node:process';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { Workload } from './workload.mjs';

const endpoint = nodeEndpoint({
  postMessage: message => process.send(message),
  on: (event, listener) => process.on(event, listener),
  off: (event, listener) => process.off(event, listener),
});

// A function cannot cross, since that takes a MessagePort: each side wraps the object of the other.
const host = comlink.wrap(endpoint);

class CallingBack extends Workload {
  callback(_ask, times) {
    return super.callback(host.ask, times);
  }
}

comlink.expose(new CallingBack(), endpoint);
