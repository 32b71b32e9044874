// Never run: that it compiles is the test, and that what must not compile does not.
import type { EventEmitter } from 'node:events';
import { expectTypeOf } from 'vitest';
import {
  writable,
  type Callback,
  type HostObject,
  type ModuleSession,
  type Remote,
  type RemoteMember,
  type RemoteResult,
} from '../../extension/api.ts';

/** An object of a class, as modules have them. */
declare class Node {
  readonly name: string;
  value: number;
  parent?: Node;
  child(index: number): Node;
  find(name: string): Node | undefined;
  append(node: Node): void;
  each(visit: (node: Node, index: number) => void): void;
}

/** Nothing tells an object of this class from data but that nobody else can make one. */
declare class Handle {
  readonly #secret: number;
  readonly size: number;
}

interface Options {
  readonly onWord: (word: string) => void;
  readonly onNode?: (node: Node) => boolean;
  readonly node?: Node;
}

interface Report {
  readonly title: string;
  readonly at: Date;
  readonly bytes: Uint8Array;
  readonly problems: readonly { readonly name: string; readonly message: string }[];
  readonly cause?: Error;
}

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

interface Parser {
  Node: typeof Node;
  Visitor: (abstract new () => Service) & { count(): number };
  point: { x: number; readonly y: number; onMove: (x: number) => void };
  root: Node;
  report(): Report;
  json(value: Json): Json;
  links(nodes: Node[]): void;
  with(options: Options): string;
  ask(question: (text: string) => Promise<boolean>): void;
  tell(answer: (text: string) => boolean): void;
  batched(callback: Callback<(n: number) => number>): number[];
  remembered(callback: Remote<(n: number) => number>): number[];
  serve(host: HostObject<Service>): void;
  recall(): Remote<Service>;
  open(file: string): Date;
  open(descriptor: number, mode: string): Node;
  echo<T>(value: T): T;
  first<T extends Node>(nodes: T[]): T;
  several(): { nodes: Node[]; pair: [Node, number]; byName: Map<string, Node>; set: Set<Node> };
  table(): Record<string, Node>;
  handle(): Handle;
  make(): (n: number) => Node;
  double(n: number): number;
  later(): Promise<Node | null>;
  stop(signal: AbortSignal, reason?: string): never;
  sync(): number;
}

interface Service {
  readonly name: string;
  add(node: Node): number;
}

declare const parser: Remote<Parser>;
declare const node: Remote<Node>;
declare const strange: Remote<{ then(): void; call(): void }>;
declare const session: ModuleSession;

/** Arguments of the calls that are only to compile. */
declare function compiles(...calls: unknown[]): void;

export async function properties() {
  expectTypeOf(await parser.point.x).toEqualTypeOf<number>();
  expectTypeOf(await parser.root.child(1).name).toEqualTypeOf<string>();
  expectTypeOf(await node.parent).toEqualTypeOf<Remote<Node> | undefined>();
  writable(parser.point).x = 5;
  writable(node).value = 5;
  writable(node).parent = node.child(1);
  writable(parser.point).onMove = x => expectTypeOf(x).toEqualTypeOf<number>();
  // @ts-expect-error -- a point's x is a number
  writable(parser.point).x = '5';
  // @ts-expect-error -- it is readonly there
  writable(parser.point).y = 5;
  // @ts-expect-error -- what is awaited takes no plain value: that is what `writable` is for
  parser.point.x = 5;
  // @ts-expect-error -- it has to be awaited
  compiles(node.value * 2);
  // @ts-expect-error -- it has to be awaited
  compiles(node.value === 1);
  // @ts-expect-error -- there is no such member
  compiles(node.valu);
  // @ts-expect-error -- a text is no number, also where it is read on the way
  compiles(node.child(node.name));
}

export async function pipelines() {
  expectTypeOf(await node.find('a').name).toEqualTypeOf<string>();
  expectTypeOf(await node.find('a')).toEqualTypeOf<Remote<Node> | undefined>();
  expectTypeOf(await parser.later().child(1).value).toEqualTypeOf<number>();
  expectTypeOf(await parser.report().title).toEqualTypeOf<string>();
  expectTypeOf(await parser.several().nodes[0]!.name).toEqualTypeOf<string>();
  expectTypeOf(await parser.several().byName.get('a').name).toEqualTypeOf<string>();
  expectTypeOf(await node.child.batch([[1], [2]])[1]!.name).toEqualTypeOf<string>();
  expectTypeOf(await parser.make()(1).name).toEqualTypeOf<string>();
  expectTypeOf(parser.stop(AbortSignal.abort())).toExtend<Promise<never>>();
}

export async function resultsAsArguments() {
  const result = node.child(1);
  compiles(node.append(result), node.append(node), node.append(await result));
  compiles(parser.links([result, node, await result, parser.root]));
  compiles(parser.links(node.child.batch([[1], [2]])));
  compiles(node.child(node.value), node.child(result.value), parser.batched(parser.double));
  compiles(parser.with({ onWord: () => undefined, node: result }));
  compiles(
    parser.json({ list: [1, 'a', null, parser.report().title.then(title => title)] as Json }),
  );
  compiles(parser.json(parser.json(1)));
  compiles(parser.stop(new AbortController().signal));
  // @ts-expect-error -- it may not be there
  compiles(node.append(node.find('a')));
  // @ts-expect-error -- a number is no node
  compiles(parser.links([5]));
  // @ts-expect-error -- there is no such option
  compiles(parser.with({ onWord: () => undefined, onNod: () => true }));
}

export async function overloadsAndGenerics() {
  expectTypeOf(await parser.open('file')).toEqualTypeOf<Date>();
  expectTypeOf(await parser.open(1, 'r')).toEqualTypeOf<Remote<Node>>();
  expectTypeOf(await parser.open.with({ deadlineMs: 1 })('file')).toEqualTypeOf<Date>();
  expectTypeOf(await parser.echo(1)).toEqualTypeOf<unknown>();
  expectTypeOf(await parser.first([node])).toEqualTypeOf<Remote<Node>>();
  // @ts-expect-error -- no overload takes a flag
  compiles(parser.open(true));
}

export function callbacks() {
  compiles(
    parser.with({
      onWord: word => expectTypeOf(word).toEqualTypeOf<string>(),
      onNode: met => {
        expectTypeOf(met).toEqualTypeOf<Remote<Node>>();
        return true;
      },
    }),
    node.each((met, index) => {
      expectTypeOf(met).toEqualTypeOf<Remote<Node>>();
      expectTypeOf(index).toEqualTypeOf<number>();
    }),
    node.each(async met => (await met.value) + 1),
    parser.ask(text => text === ''),
    parser.ask(async text => text === ''),
    parser.tell(text => text === ''),
    parser.tell(async text => text === ''),
    parser.tell(text => parser.json(text) as RemoteResult<boolean>),
    parser.batched(n => n + 1),
    parser.batched(async n => n + 1),
    parser.remembered(n => n + 1),
    parser.batched.batch([[n => n + 1]]),
  );
  // @ts-expect-error -- a node comes as a remote
  compiles(node.each(met => met.value * 2));
  // @ts-expect-error -- a node comes as a remote
  compiles(node.each((met: Node) => met.value));
  // @ts-expect-error -- a text is no answer
  compiles(parser.ask(text => text));
  // @ts-expect-error -- a text is no answer, later either
  compiles(parser.ask(async text => text));
}

export async function whatComesBack() {
  const several = await parser.several();
  expectTypeOf(several.nodes).toEqualTypeOf<Remote<Node>[]>();
  expectTypeOf(several.pair).toEqualTypeOf<[Remote<Node>, number]>();
  expectTypeOf(several.byName).toEqualTypeOf<Map<string, Remote<Node>>>();
  expectTypeOf(several.set).toEqualTypeOf<Set<Remote<Node>>>();
  expectTypeOf(await parser.table()).toEqualTypeOf<Record<string, Remote<Node>>>();
  expectTypeOf(await parser.report()).toExtend<Report>();
  expectTypeOf(await parser.json(1)).toExtend<Json>();
  expectTypeOf(await parser.handle()).toEqualTypeOf<Remote<Handle>>();
  expectTypeOf(await parser.make()).toEqualTypeOf<Remote<(n: number) => Node>>();
  expectTypeOf(await parser.recall()).toEqualTypeOf<Service>(); // comes home as itself
  expectTypeOf(await new parser.Node()).toEqualTypeOf<Remote<Node>>();
  expectTypeOf(await parser.Visitor.count()).toEqualTypeOf<number>();
  // @ts-expect-error -- an abstract class has no objects of its own
  compiles(new parser.Visitor());
  expectTypeOf(await node.child.batch([[1], [2]])).toEqualTypeOf<Remote<Node>[]>();
  expectTypeOf(await node.child.batch([[1]], { settle: true })).toEqualTypeOf<
    PromiseSettledResult<Remote<Node>>[]
  >();
}

export async function passing() {
  const copy = await node.child.with({ result: 'value' })(1);
  expectTypeOf(copy.value).toEqualTypeOf<number>();
  // @ts-expect-error -- methods are not copied
  compiles(copy.child);
  const reference = await parser.report.with({ result: 'reference' })();
  expectTypeOf(reference).toEqualTypeOf<Remote<Report>>();
  expectTypeOf(await reference.title).toEqualTypeOf<string>();
  // @ts-expect-error -- it is not here
  compiles(reference.title.length);
  expectTypeOf(
    await parser.report.with({ result: 'reference' }).with({ deadlineMs: 5 })(),
  ).toEqualTypeOf<Remote<Report>>();
  expectTypeOf(await parser.open.with({ result: 'reference' })('a')).toEqualTypeOf<Date>();
  expectTypeOf(await parser.links.with({ args: 'reference' })([node])).toEqualTypeOf<void>();
}

export async function names() {
  expectTypeOf(await parser.sync()).toEqualTypeOf<number>();
  expectTypeOf(await parser.with({ onWord: () => undefined })).toEqualTypeOf<string>();
  // @ts-expect-error -- only a worker can call and wait
  compiles(node.child.sync);
  // @ts-expect-error -- a remote is what awaiting brings
  compiles(strange.then);
  const loaded = session.load<Parser>('/parser.mjs');
  // @ts-expect-error -- after a result, `with` is not the object's
  compiles(loaded.with);
  expectTypeOf(await loaded).toEqualTypeOf<Remote<Parser>>();
  expectTypeOf(await session.load<{ size: number }>('/parser.mjs', 'limits').size).toBeNumber();
  expectTypeOf(loaded.root).toExtend<RemoteMember<Node>>();
}

/** What the author of a module writes. */
export async function inAModule(
  callback: Callback<(node: Node) => Node>,
  host: HostObject<Service>,
  compare: Callback<(one: Node, other: Node) => number>,
  own: Node,
) {
  expectTypeOf(callback.sync(own)).toEqualTypeOf<Remote<Node>>();
  expectTypeOf(await callback(own)).toEqualTypeOf<Remote<Node>>();
  expectTypeOf(await callback.batch([[own], [own]])).toEqualTypeOf<Remote<Node>[]>();
  expectTypeOf(callback).toExtend<(node: Node) => unknown>(); // as listeners are
  expectTypeOf(await callback.call(undefined, own)).toEqualTypeOf<Remote<Node>>();
  expectTypeOf(await callback.apply(undefined, [own])).toEqualTypeOf<Remote<Node>>();
  compiles([own].sort(compare.sync));
  expectTypeOf(host.add.sync(own)).toEqualTypeOf<number>();
  expectTypeOf(await host.add(own)).toEqualTypeOf<number>();
  expectTypeOf(await host.name).toEqualTypeOf<string>();
  callback[Symbol.dispose]();
}

export function hostObjects() {
  compiles(
    parser.serve({
      name: 'host',
      add: met => {
        expectTypeOf(met).toEqualTypeOf<Remote<Node>>();
        return 1;
      },
    }),
  );
  // @ts-expect-error -- a service has a name
  compiles(parser.serve({ add: () => 1 }));
}

export async function typedEmitter(emitter: Remote<EventEmitter<{ line: [number] }>>) {
  await emitter.on('line', (n: number) => compiles(n));
  expectTypeOf(await emitter.emit('line', 4)).toEqualTypeOf<boolean>();
}

export async function readonlyRest(
  join: Remote<(by: string, ...words: readonly string[]) => string>,
) {
  expectTypeOf(await join('-', 'a', 'b')).toEqualTypeOf<string>();
  expectTypeOf(await join.batch([['-', 'a']])).toEqualTypeOf<string[]>();
  // @ts-expect-error -- not of texts
  compiles(join('-', 1));
}
