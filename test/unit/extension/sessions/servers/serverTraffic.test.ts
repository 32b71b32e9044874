import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { CallRecord } from '../../../../../server/shared/protocol/events.ts';
import type { ServerMessage } from '../../../../../extension/sessions/servers/serverMessage.ts';
import { ServerTraffic } from '../../../../../extension/sessions/servers/serverTraffic.ts';
import { ManualClock } from '../../../../support/manualPlatform.ts';

type Words = Omit<ServerMessage, 'jsonrpc'>;

/** A session's traffic: messages take no time, but time passes between them when a test says so. */
class Exchange {
  readonly clock = new ManualClock();
  readonly records: CallRecord[] = [];
  /** Requests of the editor by their methods, while somebody waits for them. */
  readonly waiting: string[] = [];
  readonly traffic = new ServerTraffic({
    session: 's1',
    server: 'echoes',
    root: '/project',
    clock: this.clock,
    record: call => this.records.push(call),
    began: method => {
      this.waiting.push(method);
      return { ended: () => this.waiting.splice(this.waiting.indexOf(method), 1) };
    },
  });

  send(words: Words, bytes = 10): void {
    this.traffic.sending({ jsonrpc: '2.0', ...words })(bytes);
  }

  receive(words: Words, bytes = 20, handle: () => void = () => undefined): void {
    this.traffic.receive({ jsonrpc: '2.0', ...words }, bytes, handle);
  }
}

const common = { session: 's1', tool: 'echoes', queueMs: 0, transportMs: 0, replyMs: 0 };

test('a request of the editor is one record, from its sending to its answer', () => {
  const exchange = new Exchange();
  const askedAtMs = exchange.clock.now();
  exchange.send({ id: 1, method: 'textDocument/hover' }, 120);
  expect(exchange).toMatchObject({ waiting: ['textDocument/hover'], records: [] });
  exchange.clock.advance(30);
  exchange.receive({ id: 1, result: null }, 40);
  expect(exchange.waiting).toEqual([]);
  const sizes = { requestBytes: 120, replyBytes: 40 };
  const record = { ...common, method: 'textDocument/hover', askedAtMs, runMs: 30, ...sizes };
  expect(exchange.records).toEqual([{ ...record, outcome: 'ok' }]);
});

test('a request of the server is one record, from its coming to the answer, and nobody waits for the server', () => {
  const exchange = new Exchange();
  const askedAtMs = exchange.clock.now();
  exchange.receive({ id: 'a', method: 'workspace/configuration' }, 70);
  exchange.clock.advance(5);
  exchange.send({ id: 'a', result: [] }, 30);
  expect(exchange.waiting).toEqual([]);
  const sizes = { requestBytes: 70, replyBytes: 30 };
  const record = { ...common, method: 'workspace/configuration', askedAtMs, runMs: 5, ...sizes };
  expect(exchange.records).toEqual([{ ...record, outcome: 'ok', from: 'server' }]);
});

test('a notification is one record, with the time that it took to pass it on', () => {
  const exchange = new Exchange();
  const handle = () => exchange.clock.advance(7);
  exchange.send({ method: 'initialized' }, 52);
  exchange.receive({ method: 'window/logMessage' }, 90, handle);
  expect(exchange.records).toMatchObject([
    { method: 'initialized', requestBytes: 52, replyBytes: 0, runMs: 0, isNotification: true },
    { method: 'window/logMessage', requestBytes: 90, runMs: 7, isNotification: true },
  ]);
  expect(exchange.records.map(({ from }) => from)).toEqual([undefined, 'server']);
});

test('the two sides may use the same ids', () => {
  const exchange = new Exchange();
  exchange.send({ id: 1, method: 'ours' });
  exchange.receive({ id: 1, method: 'theirs' });
  exchange.receive({ id: 1, result: 0 });
  exchange.send({ id: 1, result: 0 });
  expect(exchange.records.map(({ method, from }) => [method, from])).toEqual([
    ['ours', undefined],
    ['theirs', 'server'],
  ]);
});

test('a request that the editor cancels is cancelled, however the server answers', () => {
  const exchange = new Exchange();
  for (const id of [1, 2]) {
    exchange.send({ id, method: 'slow' });
    exchange.send({ method: '$/cancelRequest', params: { id } });
  }
  exchange.receive({ id: 1, error: { code: -32_800, message: 'cancelled' } });
  exchange.receive({ id: 2, result: [] });
  const slow = exchange.records.filter(({ method }) => method === 'slow');
  expect(slow.map(({ outcome, error }) => [outcome, error])).toEqual(
    Array(2).fill(['cancelled', undefined]),
  );
});

test.each([{ id: 99 }, undefined, null, 'x'])('a cancellation of %j changes nothing', params => {
  const exchange = new Exchange();
  exchange.send({ id: 1, method: 'slow' });
  exchange.send({ method: '$/cancelRequest', params });
  exchange.receive({ id: 1, result: [] });
  expect(exchange.records.at(-1)).toMatchObject({ method: 'slow', outcome: 'ok' });
});

test.each([
  [-32_800, 'cancelled'],
  [-32_802, 'cancelled'],
  [-32_801, 'failed'],
  [-32_601, 'failed'],
])('an answer with the error %i says that the request was %s', (code, outcome) => {
  const exchange = new Exchange();
  exchange.send({ id: 1, method: 'm' });
  exchange.receive({ id: 1, error: { code, message: 'the reason' } });
  const error = outcome === 'failed' ? { error: 'the reason' } : {};
  expect(exchange.records).toEqual([expect.objectContaining({ outcome, ...error })]);
});

test('an error of the editor is a failed request of the server', () => {
  const exchange = new Exchange();
  exchange.receive({ id: 1, method: 'workspace/applyEdit' });
  exchange.send({ id: 1, error: { code: -32_603, message: 'x'.repeat(1_000) } });
  expect(exchange.records).toMatchObject([{ outcome: 'failed', from: 'server' }]);
  expect(exchange.records[0]!.error!.length).toBeLessThan(600);
});

test('requests of both sides that wait when the session ends are lost, once', () => {
  const exchange = new Exchange();
  exchange.send({ id: 1, method: 'ours' });
  exchange.receive({ id: 1, method: 'theirs' });
  exchange.clock.advance(12);
  exchange.traffic.fail(new Error('it crashed'));
  exchange.traffic.fail(new Error('again'));
  const lost = { runMs: 12, outcome: 'lost', error: 'it crashed', replyBytes: 0 };
  expect(exchange.records).toMatchObject([
    { method: 'ours', ...lost },
    { method: 'theirs', from: 'server', ...lost },
  ]);
  expect(exchange).toMatchObject({ waiting: [], records: { length: 2 } });
});

test('an answer that nobody has asked for is passed on and leaves no record', () => {
  const exchange = new Exchange();
  const handed: unknown[] = [];
  exchange.receive({ id: 4_711, result: 'what?' }, 20, () => handed.push(4_711));
  exchange.receive({ id: null, error: { code: -32_700, message: 'no JSON' } }, 20, () =>
    handed.push(null),
  );
  exchange.send({ id: 4_712, result: 'what?' });
  expect(exchange.records).toEqual([]);
  expect(handed).toEqual([4_711, null]);
});

test.each([
  [
    'a document',
    { textDocument: { uri: pathToFileURL('/project/src/a b.ts').href } },
    'src/a b.ts',
  ],
  ['a file', { uri: 'file:///project/a.ts' }, 'a.ts'],
  ['a file elsewhere', { uri: 'file:///other/a.ts' }, '../other/a.ts'],
  ['no file', { textDocument: { uri: 'untitled:Untitled-1' } }, undefined],
  ['what is no address', { uri: 'file://%' }, undefined],
  ['what is no text', { uri: 5 }, undefined],
  ['nothing', null, undefined],
  ['a list', [1], undefined],
])('a message about %s has a subject for people', (_what, params, subject) => {
  const exchange = new Exchange();
  exchange.send({ method: 'm', params });
  exchange.receive({ method: 'm', params });
  exchange.send({ id: 1, method: 'm', params });
  exchange.receive({ id: 1, result: null });
  expect(exchange.records.map(record => record.subject)).toEqual(Array(3).fill(subject));
});

test('a server that asks without waiting for answers is stopped, and one that gets them is not', () => {
  const exchange = new Exchange();
  for (let id = 0; id < 10_000; id++) {
    exchange.receive({ id, method: 'workspace/configuration' });
    exchange.send({ id, result: [] });
  }
  const ask = () => {
    for (let id = 0; id < 10_000; id++) exchange.receive({ id, method: 'again' });
  };
  expect(ask).toThrow(
    expect.objectContaining({
      code: 'protocol.violation',
      message: expect.stringContaining('asks and asks') as string,
    }),
  );
});

test('names that a server makes up are kept short', () => {
  const exchange = new Exchange();
  const uri = `file:///project/${'x'.repeat(10_000)}`;
  exchange.receive({ method: 'y'.repeat(10_000), params: { uri } });
  exchange.receive({ id: 1, method: 'y'.repeat(10_000), params: { uri } });
  exchange.send({ id: 1, result: null });
  for (const record of exchange.records) expect(JSON.stringify(record).length).toBeLessThan(2_000);
});

test('every message of the server is a sign of life', () => {
  const exchange = new Exchange();
  exchange.send({ id: 1, method: 'm' });
  exchange.receive({ id: 1, result: null });
  exchange.receive({ method: 'window/logMessage' });
  exchange.send({ method: 'initialized' });
  expect(exchange.traffic.signOfLife).toBe(2);
});

test('silence is no symptom while the server waits for a person', () => {
  const exchange = new Exchange();
  exchange.send({ id: 1, method: 'm' });
  exchange.receive({ id: 2, method: 'workspace/configuration' });
  expect(exchange.traffic.signOfLife).toBe(1);
  exchange.receive({ id: 1, method: 'window/showMessageRequest' });
  const { signOfLife } = exchange.traffic;
  expect(exchange.traffic.signOfLife === signOfLife).toBe(false);
  exchange.send({ id: 1, result: null });
  expect(exchange.traffic.signOfLife).toBe(2);
});
