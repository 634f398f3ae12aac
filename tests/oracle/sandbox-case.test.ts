import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { predictor } from '../../fixtures/generated/predict.ts';
import { ofSandbox, sandboxCase } from '../../fixtures/policy-case/generate/sandbox-case.ts';
import { namespace, pod, serviceAccount } from '../../fixtures/policy-case/objects.ts';

const addresses = ['10.0.0.1', '10.0.0.2', 'fd00::2'];
const generated = (release: string) =>
  fc.sample(sandboxCase(release, ofSandbox(addresses)), { seed: 1, numRuns: 300 });

test('the same seed gives the same cases', () => {
  expect(generated('v3.32.1')).toEqual(generated('v3.32.1'));
});

test('what is asked reaches Dikastes as it is written', () => {
  const targets = generated('v3.32.1').flatMap(({ questions }) => questions.map(({ target }) => target));
  expect(targets.filter((target) => /[%\\#]|\/\/|\.\./.test(target) || !target.startsWith('/'))).toEqual([]);
  expect(targets.filter((target) => target.includes('?'))).not.toHaveLength(0);
});

test('no rule has a protocol and excludes another, which would end Felix', () => {
  const all = generated('v3.32.1').flatMap(({ policies }) => policies.flatMap(({ rules }) => rules));
  const both = all.filter(({ protocol, notProtocol }) => protocol !== undefined && notProtocol !== undefined);
  expect(both).toEqual([]);
  expect(all.filter(({ notProtocol }) => notProtocol !== undefined)).not.toHaveLength(0);
});

test('every kind, action and clause occurs, and nothing that a release has not', () => {
  const text = JSON.stringify(generated('v3.32.1'));
  for (const word of [
    ...['GlobalNetworkPolicy', 'NetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedNetworkPolicy'],
    ...['Allow', 'Deny', 'Pass', 'Log', 'exact', 'prefix', 'methods', 'protocol', 'notPorts', 'ports'],
    ...['"tier":"deny"', '"tier":"pass"', 'serviceAccounts', 'notSelector', 'namespaceSelector', 'nets'],
    ...['10.0.0.1/32', 'fd00::2/128', 'stranger', 'http-second'],
  ]) {
    expect.soft(text, word).toContain(word);
  }
  expect(JSON.stringify(generated('v3.24.1'))).not.toMatch(/Staged|"tier"/);
});

test('only what is promised and not known to be broken is predicted', () => {
  const objects = [
    namespace('shop'),
    serviceAccount('shop', 'client'),
    pod('shop', 'echo', { labels: { app: 'echo' }, addresses: ['10.0.0.9'], ports: { http: 8080 } }),
    policy('named', [{ action: 'Allow', protocol: 'TCP', destination: { ports: ['http'] } }]),
  ];
  const question = {
    source: { address: '10.0.0.1', port: 40_000, principal: 'spiffe://cluster.local/ns/shop/sa/client' },
    destination: { address: '10.0.0.9', port: 8080 },
    http: { method: 'GET', path: '/' },
  };
  const on = (release: string, more = objects) =>
    predictor(more, { namespace: 'shop', name: 'echo' }, release)(question);
  // Named ports match up to 3.29 and never after.
  expect(on('v3.29.7')).toBe('allowed');
  expect(on('v3.32.1')).toBeUndefined();
  // What answers nothing at all is asked all the same.
  expect(on('v3.31.7')).toBe('allowed');
  expect(on('v3.32.1', [...objects.slice(0, 3), policy('deny', [{ action: 'Deny' }])])).toBe('denied by alp');
});

function policy(name: string, ingress: object[]) {
  const spec = { types: ['Ingress'], ingress };
  return { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec };
}
