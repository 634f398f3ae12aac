import { expect, test } from '@playwright/test';
import { observe, withEvidence } from '../../fixtures/probes/observe.ts';
import { GET, over } from '../../fixtures/probes/request.ts';
import { answers, scriptedRoute } from './scripted-route.ts';

test('probes that name one connection are sent with that name', async () => {
  const route = answers(200);
  await observe(route, [over('warm', GET('/')), GET('/')]);
  expect(route.sent[0]?.map(({ connection }) => connection)).toEqual(['warm', undefined]);
});

test("a route's TLS options go with every probe", async () => {
  const tls = { alpn: ['istio'], minVersion: 'TLSv1.3' } as const;
  const route = scriptedRoute((batch) => batch.map(() => 200), { tls: { ...tls, alpn: [...tls.alpn] } });
  await observe(route, [GET('/')]);
  expect(route.sent[0]?.[0]?.tls).toEqual(tls);
});

test('a line that never comes leaves the cause unseen at the bound', async () => {
  const route = answers(403);
  let reads = 0;
  route.serverLogs = {
    read: async () => {
      reads += 1;
      return [{ proxy: 'shop/echo-1', text: '' }];
    },
  };
  const judged = await observe(route, [GET('/')]);
  const proven = await withEvidence(route, judged, performance.now(), 300);
  expect(proven.map(({ verdict }) => verdict.name)).toEqual(['denied, cause unseen']);
  expect(reads).toBeGreaterThan(0);
});

test('answers that no log could change are not waited for', async () => {
  const route = answers(200);
  let reads = 0;
  route.serverLogs = {
    read: async () => {
      reads += 1;
      return [];
    },
  };
  const judged = await observe(route, [GET('/')]);
  const [proven] = await withEvidence(route, judged, performance.now(), 20_000);
  expect(proven?.verdict.name).toBe('allowed');
  expect(reads).toBe(1);
});

test('the entry is found in whichever of several proxies wrote it', async () => {
  const route = answers(403);
  route.serverLogs = {
    read: async () => [
      { proxy: 'shop/echo-1', text: '' },
      {
        proxy: 'shop/echo-2',
        text: `{"response_code":403,"response_code_details":"ext_authz_denied","user_agent":"alp-conformance/${route.sent[0]?.[0]?.id}"}`,
      },
    ],
  };
  const judged = await observe(route, [GET('/')]);
  const [proven] = await withEvidence(route, judged, performance.now(), 20_000);
  expect(proven).toMatchObject({ verdict: { name: 'denied by alp' }, server: { proxy: 'shop/echo-2' } });
});
