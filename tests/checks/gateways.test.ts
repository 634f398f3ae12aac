import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type AskedGateway, chooseGateway, UnclearGateway } from '../../scripts/runbook/gateway.ts';

interface Facts {
  selector?: Record<string, string>;
  type?: string;
  ports?: object[];
  balanced?: string;
}

function service(name: string, facts: Facts = {}): KubeObject {
  const [namespace = '', own = ''] = name.split('/');
  const { selector = { app: own, istio: 'ingressgateway' }, type = 'LoadBalancer', balanced } = facts;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: own, namespace },
    spec: { type, selector, ports: facts.ports ?? [{ port: 80, nodePort: 30080 }] },
    status: { loadBalancer: balanced === undefined ? {} : { ingress: [{ ip: balanced }] } },
  };
}

const node: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node' },
  status: {
    addresses: [
      { type: 'InternalIP', address: '10.0.0.1' },
      { type: 'InternalIP', address: 'fd00::1' },
    ],
  },
};

const own = service('istio-system/istio-ingressgateway');
const inner = service('mesh/inner', { balanced: '192.0.2.1' });
const outer = service('mesh/outer', { balanced: '2001:DB8:0::2', ports: [{ port: 80, nodePort: 30081 }] });
const others = [
  service('istio-system/istiod', { selector: { app: 'istiod', istio: 'pilot' }, type: 'ClusterIP' }),
  service('istio-system/istio-egressgateway', {
    selector: { app: 'istio-egressgateway', istio: 'egressgateway' },
    type: 'ClusterIP',
  }),
  service('shop/frontend', { selector: { app: 'frontend' } }),
];
const helm = service('ingress/istio-ingress', { selector: { app: 'istio-ingress', istio: 'ingress' } });
const eastWest = service('istio-system/eastwest', { selector: { istio: 'eastwestgateway' } });

const clear: [what: string, services: KubeObject[], asked: AskedGateway, name: string, selector: object][] = [
  [
    "the tutorial's own",
    [own, ...others],
    {},
    'istio-system/istio-ingressgateway',
    { istio: 'ingressgateway' },
  ],
  ['one with its label elsewhere', [inner], {}, 'mesh/inner', { istio: 'ingressgateway' }],
  [
    'one that Helm made under another name',
    [helm, eastWest, ...others],
    {},
    'ingress/istio-ingress',
    { istio: 'ingress' },
  ],
  [
    "the tutorial's own among others with its label, by all that its Service selects",
    [own, inner],
    {},
    'istio-system/istio-ingressgateway',
    { app: 'istio-ingressgateway', istio: 'ingressgateway' },
  ],
  [
    'the one whose load balancer --ingress names',
    [own, inner, outer],
    { ingress: 'http://192.0.2.1' },
    'mesh/inner',
    { app: 'inner', istio: 'ingressgateway' },
  ],
  [
    'the one whose load balancer --ingress names in another spelling',
    [own, inner, outer],
    { ingress: 'http://[2001:db8::2]' },
    'mesh/outer',
    { app: 'outer', istio: 'ingressgateway' },
  ],
  [
    "the one whose port on a node's IPv6 address --ingress names",
    [inner, outer],
    { ingress: 'http://[fd00::1]:30081' },
    'mesh/outer',
    { app: 'outer', istio: 'ingressgateway' },
  ],
  [
    'the one that is named, whatever its labels',
    [own, service('mesh/mine', { selector: { app: 'mine' } })],
    { gateway: 'mesh/mine' },
    'mesh/mine',
    { app: 'mine' },
  ],
];

for (const [what, services, asked, name, selector] of clear) {
  test(`the gateway is ${what}`, () => {
    const { chosen } = chooseGateway(services, [node], asked);
    expect(`${chosen.namespace}/${chosen.name}`).toBe(name);
    expect(chosen.selector).toEqual(selector);
  });
}

test('the gateways that were passed over are named', () => {
  expect(chooseGateway([own, inner, ...others], [node], {}).others).toEqual(['mesh/inner']);
});

const unclear: [what: string, services: KubeObject[], asked: AskedGateway, sentence: RegExp][] = [
  ['no gateway', others, {}, /^Istio has no ingress gateway, .+--gateway NAMESPACE\/NAME\.$/],
  [
    'several gateways, none of them the tutorial’s',
    [inner, outer],
    {},
    /^Istio has several ingress gateways \(mesh\/inner, mesh\/outer\): say which one .+ --gateway NAMESPACE\/NAME\.$/,
  ],
  [
    'several gateways, and an address of none of them',
    [inner, outer],
    { ingress: 'http://127.0.0.1:8080' },
    /^Istio has several ingress gateways/,
  ],
  ['a gateway that is not there', [own], { gateway: 'mesh/mine' }, /^There is no Service mesh\/mine/],
];

for (const [what, services, asked, sentence] of unclear) {
  test(`${what} is told in one sentence`, () => {
    const attempt = () => chooseGateway(services, [node], asked);
    expect(attempt).toThrow(UnclearGateway);
    expect(attempt).toThrow(sentence);
  });
}
