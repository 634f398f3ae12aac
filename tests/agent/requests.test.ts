import { expect, test } from '@playwright/test';
import { problemOfProbe, readBatch } from '../../fixtures/agent/requests.ts';
import { probe } from './harness.ts';

const good = probe({ port: 80 });

async function* lines(...values: unknown[]): AsyncGenerator<string> {
  for (const value of values) yield typeof value === 'string' ? value : JSON.stringify(value);
}

test('a batch is read up to its end record and no further', async () => {
  async function* input() {
    yield* lines(good, { end: true, parallel: 3 });
    throw new Error('read on');
  }
  expect(await readBatch(input())).toEqual({ probes: [good], end: { end: true, parallel: 3 } });
});

test('a batch may be empty', async () => {
  expect(await readBatch(lines({ end: true }))).toEqual({ probes: [], end: { end: true } });
});

const batches: [title: string, input: unknown[], problem: string][] = [
  ['that is no JSON', [good, '{"id":'], 'Line 2: not JSON.'],
  ['that is empty', [good, '', { end: true }], 'Line 2: not JSON.'],
  ['that is no object', [[]], 'Line 1: not an object.'],
  ['that repeats an id', [good, good, { end: true }], 'Line 2: "id" must not repeat an earlier one.'],
  ['that is missing at the end', [good], 'Line 2: the input ended before {"end":true}, so nothing was sent.'],
  ['that ends oddly', [{ end: 1 }], 'Line 1: "end" must be true.'],
  ['that is both', [{ ...good, end: true }], 'Line 1: "id" is not a field of the protocol.'],
  [
    'with no parallel',
    [{ end: true, parallel: 0 }],
    'Line 1: "parallel" must be a whole number from 1 to 10000.',
  ],
];
for (const [title, input, problem] of batches) {
  test(`a line ${title} is named`, async () => {
    await expect(readBatch(lines(...input))).rejects.toThrow(problem);
  });
}

const bytes = 'be a string of characters up to U+00FF, one for each byte';
const { id: _id, ...nameless } = good;
const { http: _http, ...requestless } = good;
const probes: [title: string, value: unknown, problem: string | undefined][] = [
  ['that has all it must', good, undefined],
  [
    'by plain TCP without a request',
    { ...requestless, protocol: 'tcp', payload: '\u00ff', tls: { alpn: ['a'], minVersion: 'TLSv1.3' } },
    undefined,
  ],
  ['without an id', nameless, '"id" must be visible ASCII'],
  ['with a space in its id', { ...good, id: 'a b' }, '"id" must be visible ASCII'],
  ['with an empty host', { ...good, host: '' }, '"host" must be a name or an address'],
  ['to port 0', { ...good, port: 0 }, '"port" must be a whole number from 1 to 65535'],
  ['to a port in words', { ...good, port: '80' }, '"port" must be a whole number from 1 to 65535'],
  [
    'by an unknown protocol',
    { ...good, protocol: 'h3' },
    '"protocol" must be one of http/1.1, h2, grpc, websocket, tcp',
  ],
  [
    'with a time-out that no timer can hold',
    { ...good, timeoutMs: 1e10 },
    '"timeoutMs" must be a whole number from 1 to 2147483647',
  ],
  [
    'with null for a time-out',
    { ...good, connectTimeoutMs: null },
    '"connectTimeoutMs" must be a whole number from 1 to 2147483647',
  ],
  ['that opens a WebSocket', { ...good, protocol: 'websocket', payload: 'hello' }, undefined],
  ['over a connection that must be open', { ...good, connection: 'held', ifOpen: true }, undefined],
  [
    'over a connection that must be open and has no name',
    { ...good, ifOpen: true },
    '"connection" must be given for "ifOpen"',
  ],
  [
    'over a connection that need not be open',
    { ...good, connection: 'held', ifOpen: false },
    '"ifOpen" must be true',
  ],
  [
    'by WebSocket without a request',
    { ...requestless, protocol: 'websocket' },
    '"http" must be given for websocket',
  ],
  ['by HTTP without a request', requestless, '"http" must be given for http/1.1'],
  ['without a target', { ...good, http: { method: 'GET' } }, `"http.target" must ${bytes}`],
  [
    'whose target is no bytes',
    { ...good, http: { method: 'GET', target: '/\u2603' } },
    `"http.target" must ${bytes}`,
  ],
  [
    'with an unknown field',
    { ...good, http: { method: 'GET', target: '/', path: '/' } },
    '"http.path" is not a field of the protocol',
  ],
  [
    'with headers that are no list',
    { ...good, http: { method: 'GET', target: '/', headers: {} } },
    '"http.headers" must be a list',
  ],
  [
    'with a header without a value',
    { ...good, http: { method: 'GET', target: '/', headers: [['a', 'b'], ['a']] } },
    '"http.headers[1]" must be a name and a value',
  ],
  [
    'with a header that is a number',
    { ...good, http: { method: 'GET', target: '/', headers: [['a', 1]] } },
    `"http.headers[0][1]" must ${bytes}`,
  ],
  ['with TLS that is no object', { ...good, tls: true }, '"tls" must be an object'],
  [
    'with a version that TLS no longer has',
    { ...good, tls: { maxVersion: 'TLSv1.1' } },
    '"tls.maxVersion" must be one of TLSv1.2, TLSv1.3',
  ],
];
for (const [title, value, problem] of probes) {
  test(`a probe ${title} is ${problem === undefined ? 'right' : 'refused'}`, () => {
    expect(problemOfProbe(value)).toBe(problem);
  });
}
