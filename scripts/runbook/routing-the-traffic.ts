import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { waitFor } from '../../fixtures/cluster/wait.ts';
import type { GatewayFacts } from '../../fixtures/run.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import { gatewayOf, tutorialGateway } from './gateway.ts';
import type { Step } from './step.ts';

const apiVersion = 'networking.istio.io/v1alpha3';
const toFrontend = [{ route: [{ destination: { host: 'frontend', port: { number: 80 } } }] }];

/** The default, unless the mesh has another one: the gateway is of another namespace. */
const exportTo = ['*'];

/** The tutorial's routes, for a gateway whose proxies have these labels. */
function routesBy({ selector }: Pick<GatewayFacts, 'selector'>): KubeObject[] {
  return [
    {
      apiVersion,
      kind: 'VirtualService',
      metadata: { name: 'frontend-ingress', namespace: shopNamespace },
      spec: { hosts: ['*'], gateways: ['frontend-gateway'], http: toFrontend, exportTo },
    },
    {
      apiVersion,
      kind: 'VirtualService',
      metadata: { name: 'frontend', namespace: shopNamespace },
      spec: { hosts: ['frontend.default.svc.cluster.local'], http: toFrontend, exportTo },
    },
    {
      apiVersion,
      kind: 'Gateway',
      metadata: { name: 'frontend-gateway', namespace: shopNamespace },
      spec: {
        selector,
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
      },
    },
  ];
}

/** As the tutorial has them. */
export const routes = routesBy(tutorialGateway);

export const routingTheTraffic: Step = {
  title: 'Routing the traffic with Istio',
  changes: 'routes the gateway to the front end (Gateway and two VirtualServices in default)',
  present: async ({ cluster }) =>
    (await Promise.all(routes.map((route) => found(cluster, route)))).every(Boolean),
  apply: async (walk) => {
    await walk.guest.createMissing(routesBy(await gatewayOf(walk)));
  },
  // That the gateway follows them is seen as soon as its address is known, which is the next step.
  verify: async ({ cluster }) => {
    for (const route of routes) {
      const { apiVersion, kind, metadata } = route;
      await waitFor(
        cluster,
        { apiVersion, kind, namespace: shopNamespace, name: metadata.name },
        (objects) => objects[0],
        { timeoutMs: 10_000, what: `${kind} ${metadata.name} to be stored` },
      );
    }
  },
};

async function found(
  cluster: Parameters<Step['present']>[0]['cluster'],
  route: KubeObject,
): Promise<boolean> {
  const { apiVersion, kind, metadata } = route;
  return (
    (await cluster.find({ apiVersion, kind, namespace: shopNamespace, name: metadata.name })) !== undefined
  );
}
