import { createHash, pbkdf2Sync } from 'node:crypto';
import process from 'node:process';

/** The work of the benchmark. Every side runs this one file; `direct` has it bundled. */
export class Workload {
  #count = 0;

  constructor(seed = 'seed') {
    this.seed = seed;
  }

  ping() {
    return 42;
  }

  /** What a first call comes to where there are no remote objects. */
  constructAndPing(seed) {
    return new Workload(seed).ping();
  }

  increment(by) {
    return (this.#count += by);
  }

  reset() {
    this.#count = 0;
    return 0;
  }

  checksum(record) {
    return Object.fromEntries(
      Object.entries(record).map(([key, value]) => [key, sha256(`${key}=${value}`)]),
    );
  }

  sum(numbers) {
    let sum = 0;
    for (const number of numbers) sum += number;
    return sum;
  }

  echo(value) {
    return value;
  }

  async callback(ask, times) {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += await ask(i);
    return sum;
  }

  async callbackBatch(ask, times) {
    return this.sum(await ask.batch(Array.from({ length: times }, (_, i) => [i])));
  }

  callbackSync(ask, times) {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += ask.sync(i);
    return sum;
  }

  /** Keeps lines as a prompt keeps its history, the newest first and none twice, and digests it. */
  digest(lines) {
    const history = [];
    for (const line of lines) {
      const before = history.indexOf(line);
      if (before !== -1) history.splice(before, 1);
      history.unshift(line);
    }
    return sha256(history.join('\n'));
  }

  residentBytes() {
    return process.memoryUsage.rss();
  }

  derive(keys, rounds) {
    const hash = createHash('sha256');
    for (let i = 0; i < keys; i++) {
      hash.update(pbkdf2Sync('green room', `salt ${i}`, rounds, 32, 'sha256'));
    }
    return hash.digest('hex');
  }
}

export class GraphNode {
  constructor(value) {
    this.value = value;
    this.previous = undefined;
  }

  link(previous) {
    this.previous = previous;
    return this;
  }

  total() {
    let total = 0;
    for (let node = this; node; node = node.previous) total += node.value;
    return total;
  }
}

/** Objects under numbers that the caller chooses, for peers that have no references of their own. */
export class NodeTable {
  #nodes = [];

  createNode(number, value) {
    this.#nodes[number] = new GraphNode(value);
    return number;
  }

  linkNode(number, previous) {
    this.#nodes[number].link(this.#nodes[previous]);
    return number;
  }

  totalOfNode(number) {
    return this.#nodes[number].total();
  }
}

/** The methods of the workload and of a table of nodes, by name. */
export function workloadMethods() {
  const methods = {};
  for (const object of [new Workload(), new NodeTable()]) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(object))) {
      if (name !== 'constructor') methods[name] = object[name].bind(object);
    }
  }
  return methods;
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
