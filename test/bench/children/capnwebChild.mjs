import net from 'node:net';
import process from 'node:process';
import { RpcSession, RpcTarget } from 'capnweb';
import { LineTransport } from './lineTransport.mjs';
import { Workload } from './workload.mjs';

/** A stub cannot be turned back into the object it stands for, so a link takes up the total at once. */
class NodeTarget extends RpcTarget {
  #total;

  constructor(value) {
    super();
    this.#total = value;
  }

  async link(previous) {
    this.#total += await previous.total();
    return this;
  }

  total() {
    return this.#total;
  }
}

class WorkloadTarget extends RpcTarget {
  createNode(value) {
    return new NodeTarget(value);
  }

  callbackBatch(ask, times) {
    const batch = items => Promise.all(items.map(([index]) => ask(index)));
    return workload.callbackBatch({ batch }, times);
  }
}

const workload = new Workload();
for (const name of Object.getOwnPropertyNames(Workload.prototype)) {
  if (name in WorkloadTarget.prototype) continue;
  WorkloadTarget.prototype[name] = (...args) => workload[name](...args);
}

const channel = new net.Socket({ fd: 3, readable: true, writable: true });
channel.on('close', () => process.exit(0));
new RpcSession(new LineTransport(channel), new WorkloadTarget());
