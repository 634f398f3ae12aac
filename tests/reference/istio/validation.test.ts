import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { istioObjects } from '../../../reference/istio/objects.ts';
import { istioValidation } from '../../../reference/istio/validation.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { StatusError } from '../../../reference/store/status-error.ts';
import { Store } from '../../../reference/store/store.ts';
import { strictMutualTls } from '../../../scripts/runbook/peer-authentication.ts';
import { routes } from '../../../scripts/runbook/routing-the-traffic.ts';
import { dikastesObjects, istio, peerAuthentication } from './mesh.ts';

function answer(object: KubeObject, store = new Store(resourceTypes)): string {
  const type = store.typeOf(object.apiVersion, object.kind)!;
  try {
    istioValidation(store).validate?.({
      operation: 'CREATE',
      type,
      object,
      dryRun: false,
      fieldValidation: 'Strict',
    });
    return 'accepted';
  } catch (error) {
    if (error instanceof StatusError) return `${error.code} ${error.message}`;
    throw error;
  }
}

test('everything that the suite applies is accepted', async () => {
  for (const object of [...routes, strictMutualTls, ...(await dikastesObjects())]) {
    expect(answer(object), `${object.kind} ${object.metadata.name}`).toBe('accepted');
  }
});

const selector = { matchLabels: { app: 'echo' } };
const networking = (kind: string, spec: object) => istio('networking', kind, 'default', 'x', spec);
const virtualService = (http: object) => networking('VirtualService', { hosts: ['*'], http: [http] });
const route = [{ destination: { host: 'echo' } }];

const objects: [what: string, object: KubeObject, answered: RegExp][] = [
  [
    'portLevelMtls without a selector',
    peerAuthentication('srv', 'x', { portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
    /^422 PeerAuthentication\.security\.istio\.io "x" is invalid: spec: .*portLevelMtls requires selector$/,
  ],
  [
    'portLevelMtls with a selector',
    peerAuthentication('srv', 'x', { selector, portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
    /^accepted$/,
  ],
  [
    'a mode that does not exist',
    peerAuthentication('srv', 'x', { mtls: { mode: 'strict' } }),
    /^422 .*spec\.mtls\.mode: Unsupported value: "strict"/,
  ],
  [
    'a mode of a port that does not exist',
    peerAuthentication('srv', 'x', { selector, portLevelMtls: { 8080: { mode: 'OFF' } } }),
    /^422 .*spec\.portLevelMtls\.8080\.mode: Unsupported value: "OFF"/,
  ],
  [
    'a port that does not exist',
    peerAuthentication('srv', 'x', { selector, portLevelMtls: { 70000: { mode: 'STRICT' } } }),
    /^422 .*port must be between 1-65535/,
  ],
  [
    'a route with retries and a time-out',
    virtualService({ route, retries: { attempts: 0 }, timeout: '1s' }),
    /^accepted$/,
  ],
  [
    'a route to nowhere',
    virtualService({ match: [] }),
    /^400 .*HTTP route, redirect or direct_response is required$/,
  ],
  [
    'two answers in one route',
    virtualService({ route, directResponse: { status: 200 } }),
    /^400 .*cannot contain both/,
  ],
  [
    'a rewrite',
    virtualService({ route, rewrite: { uri: '/' } }),
    /^400 .*does not know VirtualService http rewrite$/,
  ],
  [
    'a subset',
    virtualService({ route: [{ destination: { host: 'a', subset: 'v1' } }] }),
    /does not know .* subset$/,
  ],
  [
    'a match by query',
    virtualService({ route, match: [{ queryParams: {} }] }),
    /does not know .* match queryParams$/,
  ],
  [
    'a broken regular expression',
    virtualService({ route, match: [{ headers: { a: { regex: '(' } } }] }),
    /"\(" is not a regular expression$/,
  ],
  ['no host', networking('VirtualService', { http: [{ route }] }), /^400 .*must have at least one host$/],
  [
    'hosts that are no list',
    networking('VirtualService', { hosts: '*', http: [{ route }] }),
    /^422 .*wrong type$/,
  ],
  [
    'patches that are no list',
    { ...networking('EnvoyFilter', { configPatches: {} }), apiVersion: 'networking.istio.io/v1alpha3' },
    /^422 .*wrong type$/,
  ],
  ['ports that are none', peerAuthentication('srv', 'x', { portLevelMtls: null }), /^422 .*wrong type$/],
  ['a Gateway without servers', networking('Gateway', { selector: {} }), /must have at least one server$/],
  [
    'a server without hosts',
    networking('Gateway', { servers: [{ port: { number: 80 } }] }),
    /at least one host$/,
  ],
  ['a DestinationRule without host', networking('DestinationRule', {}), /must have a host$/],
  [
    'subsets',
    networking('DestinationRule', { host: 'a', subsets: [] }),
    /does not know DestinationRule subsets$/,
  ],
  [
    'a time-out that is none',
    networking('DestinationRule', {
      host: 'a',
      trafficPolicy: { connectionPool: { tcp: { connectTimeout: 'soon' } } },
    }),
    /"soon" is not a duration$/,
  ],
];

for (const [what, object, answered] of objects) {
  test(`${what}: ${answered.source}`, () => {
    expect(answer(object)).toMatch(answered);
  });
}

test("changes to Istio's objects are refused while istiod is down", () => {
  const store = new Store(resourceTypes);
  for (const object of istioObjects('1.28.10')) store.create(object);
  expect(answer(strictMutualTls, store)).toMatch(
    /^500 .*failed calling webhook "rev\.validation\.istio\.io"/,
  );
  store.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'istiod-1', namespace: 'istio-system', labels: { app: 'istiod' } },
    spec: { containers: [] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  });
  expect(answer(strictMutualTls, store)).toBe('accepted');
});
