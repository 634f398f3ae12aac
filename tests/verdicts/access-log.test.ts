import { expect, test } from '@playwright/test';
import { entryOfConnection, entryOfProbe } from '../../fixtures/verdicts/access-log.ts';
import { parseAccessLogLine } from '../../fixtures/verdicts/access-log-line.ts';
import { recorded, titleOf } from './recorded.ts';

const proxy = 'shop/echo-1';

for (const line of recorded) {
  for (const entry of [line.server, line.client]) {
    if (entry === undefined) continue;
    test(`the line that ${entry.proxy} wrote is read as recorded: ${titleOf(line)}`, () => {
      expect(parseAccessLogLine(entry.line, entry.proxy)).toEqual(entry);
    });
    test(`${entry.proxy}'s line is found by ${line.observation.error && line.server ? 'the connection' : 'the probe'}: ${titleOf(line)}`, () => {
      const log = `${text('other-1')}\n${entry.line}\n${text('other-2')}\n`;
      const { id, local = '' } = line.observation;
      const byProbe = entryOfProbe(log, entry.proxy, id);
      expect(byProbe ?? entryOfConnection(log, entry.proxy, local)).toEqual(entry);
    });
  }
}

test("the default text format gives status, flags and details; '-' is none", () => {
  expect(
    parseAccessLogLine(text('p-1', '503 URX,UF upstream_reset{connection_timeout}'), proxy),
  ).toMatchObject({
    proxy,
    status: 503,
    flags: ['URX', 'UF'],
    details: 'upstream_reset{connection_timeout}',
  });
  expect(parseAccessLogLine(text('p-1', '200 - -'), proxy)).toMatchObject({
    status: 200,
    flags: [],
    details: '',
  });
});

test("Istio's default JSON keys give the same", () => {
  const line = json('p-1', {
    response_code: 403,
    response_flags: 'UAEX',
    response_code_details: 'ext_authz_denied',
  });
  expect(parseAccessLogLine(line, proxy)).toEqual({
    proxy,
    status: 403,
    flags: ['UAEX'],
    details: 'ext_authz_denied',
    line,
  });
});

test('JSON with null for what is not set gives no flags and no details', () => {
  const line = json('p-1', { response_code: 200, response_flags: '-', response_code_details: null });
  expect(parseAccessLogLine(line, proxy)).toMatchObject({ status: 200, flags: [], details: '' });
});

const ownFormats: [line: string, status: number, details: string][] = [
  ['code=403 why=ext_authz_denied took=4', 403, 'ext_authz_denied'],
  ['GET /cart -> 403 (ext_authz_error)', 403, 'ext_authz_error'],
  ['{"status":"403","details":"ext_authz_denied"}', 403, 'ext_authz_denied'],
  ['0 NR filter_chain_not_found 10.0.0.1:4711', 0, 'filter_chain_not_found'],
  ['rbac_access_denied_matched_policy[none] 403', 403, 'rbac_access_denied_matched_policy[none]'],
  ['[x] "GET /a"b HTTP/1.1" 403 UAEX ext_authz_denied', 403, 'ext_authz_denied'],
];

for (const [line, status, details] of ownFormats) {
  test(`a format of the operator's own is read by its words: ${line}`, () => {
    expect(parseAccessLogLine(line, proxy)).toMatchObject({ status, details });
  });
}

for (const line of ['', 'info  Envoy proxy is ready', '{"level":"info","msg":"ready"}', '{"cut": "sho']) {
  test(`a line that is no access log is none: ${line || 'empty'}`, () => {
    expect(parseAccessLogLine(line, proxy)).toBeUndefined();
  });
}

for (const [format, line] of [
  ['text', text],
  ['JSON', (id: string) => json(id, { response_code: 403 })],
  ['its own', (id: string) => `alp-conformance/${id} ext_authz_denied`],
] as const) {
  test(`a probe is not found by an id that begins with its own, in ${format} format`, () => {
    const log = [line('a1-12'), line('a1-11'), line('xa1-1')].join('\n');
    expect(entryOfProbe(log, proxy, 'a1-1')).toBeUndefined();
    expect(entryOfProbe(`${log}\n${line('a1-1')}\n${log}`, proxy, 'a1-1')?.line).toBe(line('a1-1'));
  });
}

test('of several lines for one probe the last counts, and lines that cannot be read do not', () => {
  const log = [
    text('p-1', '503 UF x'),
    text('p-1', '403 UAEX ext_authz_denied'),
    'seen alp-conformance/p-1"',
    '',
  ];
  expect(entryOfProbe(log.join('\n'), proxy, 'p-1')).toMatchObject({ status: 403 });
});

test('a connection is found by its whole client address, in text and in JSON', () => {
  const of = (client: string) =>
    `[t] "- - -" 0 NR filter_chain_not_found - "-" 0 0 0 - "-" "-" "-" "-" "-" - - 10.0.0.2:8080 ${client} - -`;
  const log = [of('10.0.0.1:5000'), of('10.0.0.1:50001'), of('110.0.0.1:5000')].join('\n');
  expect(entryOfConnection(log, proxy, '10.0.0.1:5000')?.line).toBe(of('10.0.0.1:5000'));
  expect(entryOfConnection(log, proxy, '10.0.0.1:500')).toBeUndefined();
  expect(entryOfConnection(log, proxy, '0.0.0.1:5000')).toBeUndefined();
  const line = json('', { response_code: 0, downstream_remote_address: '10.0.0.1:5000' });
  expect(entryOfConnection(line, proxy, '10.0.0.1:5000')?.line).toBe(line);
  expect(entryOfConnection(line, proxy, '10.0.0.1:500')).toBeUndefined();
});

/** A line in Envoy's default text format under Istio. */
function text(id: string, seen = '200 - via_upstream'): string {
  return `[2026-11-23T13:39:04.107Z] "GET / HTTP/1.1" ${seen} - "-" 0 0 4 4 "-" "alp-conformance/${id}" "x" "echo" "10.0.0.3:8080" outbound|80||echo 10.0.0.4:1 10.0.0.5:80 10.0.0.6:2 - default`;
}

/** A line with Istio's default JSON keys. */
function json(id: string, fields: object): string {
  return JSON.stringify({ user_agent: `alp-conformance/${id}`, method: 'GET', path: '/', ...fields });
}
