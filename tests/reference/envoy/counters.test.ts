import { expect, test } from '@playwright/test';
import type { LogEntry } from '../../../reference/envoy/access-log.ts';
import { raisedBy } from '../../../reference/envoy/counters.ts';

const ends = { address: '10.0.0.1', port: 8080 };
const upstreamCluster = 'inbound|8080||';
const nothing: LogEntry = {
  started: new Date(0),
  status: 0,
  flags: [],
  received: 0,
  sent: 0,
  durationMs: 0,
  downstreamLocal: ends,
  downstreamRemote: ends,
};
const http = { ...nothing, version: 'HTTP/1.1', upstreamCluster } as const;

const entries: [what: string, entry: LogEntry, raised: string[]][] = [
  ['a response', { ...http, status: 200 }, ['upstream_rq_200', 'upstream_rq_2xx']],
  [
    'a denial by Dikastes, which no upstream saw',
    { ...http, status: 403, details: 'ext_authz_denied' },
    ['ext_authz.denied'],
  ],
  [
    'a Dikastes that did not answer',
    { ...http, status: 403, details: 'ext_authz_error' },
    ['ext_authz.error'],
  ],
  ['a connection that failed', { ...nothing, upstreamCluster, flags: ['UF'] }, ['upstream_cx_connect_fail']],
];

for (const [what, entry, raised] of entries) {
  test(`counted: ${what}`, () => {
    expect(raisedBy(entry)).toEqual(raised.map((name) => `cluster.${upstreamCluster}.${name}`));
  });
}

test('a connection that no filter chain is for counts for the listener', () => {
  expect(raisedBy({ ...nothing, flags: ['NR'], details: 'filter_chain_not_found' })).toEqual([
    'listener.0.0.0.0_15006.no_filter_chain_match',
  ]);
});
