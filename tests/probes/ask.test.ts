import { expect, test } from '@playwright/test';
import { problemOfProbe } from '../../fixtures/agent/requests.ts';
import { decide, type Row } from '../../fixtures/probes/decide.ts';
import { observe, openConnections } from '../../fixtures/probes/observe.ts';
import {
  askInWords,
  bytes,
  GET,
  grpc,
  h2,
  over,
  POST,
  type ProbeInput,
  webSocket,
} from '../../fixtures/probes/request.ts';
import { answers, type Canned, scriptedRoute } from './scripted-route.ts';

const http = (method: string, target: string) => ({ method, target });

const asks: [asked: ProbeInput, name: string, sent: object][] = [
  [GET('/'), 'GET /', { protocol: 'http/1.1', http: http('GET', '/') }],
  [
    h2(POST('/a', { body: 'x' })),
    'h2 POST /a',
    { protocol: 'h2', http: { ...http('POST', '/a'), body: 'x' } },
  ],
  [grpc('/a.B/C'), 'gRPC /a.B/C', { protocol: 'grpc', http: http('POST', '/a.B/C') }],
  [
    grpc('/a.B/D', { headers: [['x-a', '1']] }),
    'gRPC /a.B/D',
    { protocol: 'grpc', http: { ...http('POST', '/a.B/D'), headers: [['x-a', '1']] } },
  ],
  [webSocket('/ws'), 'WebSocket /ws', { protocol: 'websocket', http: http('GET', '/ws') }],
  [bytes('a\n'), 'bytes "a\\n"', { protocol: 'tcp', payload: 'a\n' }],
  [
    over('held', GET('/')),
    'GET / over "held"',
    { protocol: 'http/1.1', http: http('GET', '/'), connection: 'held' },
  ],
  [
    over('held', bytes('a'), { ifOpen: true }),
    'bytes "a" over "held"',
    { protocol: 'tcp', payload: 'a', connection: 'held', ifOpen: true },
  ],
];

for (const [asked, name, fields] of asks) {
  test(`${name} is sent as the agent's protocol has it`, async () => {
    expect(askInWords(asked)).toBe(name);
    const route = answers(200);
    await observe(route, [asked]);
    const [[probe] = []] = route.sent;
    const { id, host, port, connectTimeoutMs, timeoutMs, ...own } = probe!;
    expect(own).toEqual(fields);
    expect([host, port, connectTimeoutMs, timeoutMs]).toEqual(['echo.shop.svc', 8080, 1_000, 2_000]);
    expect(id).toMatch(/^[\w-]+$/);
    expect(problemOfProbe(probe)).toBeUndefined();
  });
}

test('a batch may mix protocols, and edges name what was asked', async () => {
  const canned: Canned[] = [
    200,
    { status: 200, grpcStatus: 7 },
    { text: 'hello' },
    { text: 'alp-conformance' },
  ];
  const route = scriptedRoute(() => canned, {
    isApplication: ({ status, grpcStatus }) => status === 200 && grpcStatus === undefined,
  });
  const rows: Row[] = [
    [GET('/'), 'allowed'],
    [grpc('/a.B/C'), 'denied, cause unseen'],
    [bytes('hello'), 'allowed'],
    [over('held', webSocket('/ws'), { ifOpen: true }), 'allowed'],
  ];
  const { ok, edges } = await decide(route, rows);
  expect(edges.map(({ probe, seen }) => `${probe} was ${seen}`)).toEqual([
    'client -> echo: GET / was allowed',
    'client -> echo: gRPC /a.B/C was denied, cause unseen',
    'client -> echo: bytes "hello" was allowed',
    'client -> echo: WebSocket /ws over "held" was allowed',
  ]);
  expect(ok).toBe(true);
});

test('a route tells its application by what it says over plain TCP', async () => {
  const route = answers({ text: '220 ready' });
  const [unknown] = await observe(route, [bytes('')]);
  expect(unknown?.verdict.name).toBe('error');
  route.isApplicationText = (text) => text.startsWith('220 ');
  const [known] = await observe(route, [bytes('')]);
  expect(known?.verdict.name).toBe('allowed');
});

test("what the sidecars logged explains the end of a connection, also where only the client's knows its probe", async () => {
  const closed: Canned = { stage: 'receive', code: 'EOF', message: '', bytes: 0 };
  const line = (details: string, upstreamLocal: string, from: string) =>
    `[t] "- - -" 0 - ${details} - "-" 5 0 2 - "-" "-" "-" "-" "10.0.0.2:9001" outbound|9001|| ${upstreamLocal} 10.0.0.2:9001 ${from} - -`;
  const route = answers(closed);
  route.clientLogs = {
    read: async () => [{ proxy: 'shop/client-1', text: line('-', '10.0.0.9:33333', '10.0.0.9:4711') }],
  };
  route.serverLogs = {
    read: async () => [{ proxy: 'shop/echo-1', text: line('ext_authz_denied', '-', '10.0.0.9:33333') }],
  };
  const { ok, judged } = await decide(route, [[bytes('hello'), 'denied by alp']], { withinMs: 20_000 });
  expect(ok).toBe(true);
  expect(judged[0]).toMatchObject({
    server: { proxy: 'shop/echo-1', details: 'ext_authz_denied' },
    client: { proxy: 'shop/client-1' },
  });
});

test('connections are opened by a burst of what is asked', async () => {
  const route = answers({ text: 'hello' });
  await openConnections(route, bytes('hello'));
  await openConnections(route);
  const [burst, requests] = route.sent;
  expect(burst).toHaveLength(32);
  expect(new Set(burst?.map(({ protocol }) => protocol))).toEqual(new Set(['tcp']));
  expect(requests?.[0]).toMatchObject({ protocol: 'http/1.1', http: { method: 'GET', target: '/' } });
});

test('thousands of denials in one batch are each found in the log', async () => {
  const size = 3000;
  const route = scriptedRoute((batch) => batch.map(() => 403));
  route.serverLogs = {
    read: async () => {
      const lines = route.sent
        .flat()
        .map(
          ({ id }) =>
            `[t] "GET / HTTP/1.1" 403 UAEX ext_authz_denied - "-" 0 0 4 - "-" "alp-conformance/${id}" "x"`,
        );
      return [{ proxy: 'shop/echo-1', text: `${lines.join('\n')}\n` }];
    },
  };
  const rows = Array.from({ length: size }, (_none, index): Row => [GET(`/${index}`), 'denied by alp']);
  const { ok, edges } = await decide(route, rows, { withinMs: 60_000 });
  expect(ok).toBe(true);
  expect(edges).toHaveLength(size);
});
