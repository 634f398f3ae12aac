import { expect, test } from '@playwright/test';
import { templateIn } from '../../../fixtures/injector/template.ts';
import { istioObjects } from '../../../reference/istio/objects.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store } from '../../../reference/store/store.ts';

const store = new Store(resourceTypes);
for (const object of istioObjects('1.28.10', { httpNodePort: 30080, rootCertificate: 'PEM' }))
  store.create(object);

const inIstio = (key: string, name: string) => store.find(key, name, 'istio-system');

test('the release is read from the image of istiod', () => {
  expect(inIstio('Deployment.apps', 'istiod')?.spec).toMatchObject({
    template: { spec: { containers: [{ name: 'discovery', image: 'docker.io/istio/pilot:1.28.10' }] } },
  });
});

test('the injector has a template for sidecars, which others can be laid over', () => {
  const { config } = inIstio('ConfigMap', 'istio-sidecar-injector')!.data as { config: string };
  expect(templateIn(config, 'sidecar')).toContain('docker.io/istio/proxyv2:1.28.10');
  expect(templateIn(config, 'gateway')).toContain('router');
});

test('the gateway is reached by the node port that was asked for, and its load balancer stays pending', () => {
  const service = inIstio('Service', 'istio-ingressgateway');
  expect(service?.spec).toMatchObject({
    type: 'LoadBalancer',
    selector: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
    ports: [
      { port: 15021 },
      { port: 80, targetPort: 8080, nodePort: 30080 },
      { port: 443, targetPort: 8443 },
    ],
  });
  expect(service?.status).toBeUndefined();
  expect(inIstio('Deployment.apps', 'istio-ingressgateway')?.spec).toMatchObject({
    template: {
      metadata: { labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' } },
      spec: {
        serviceAccountName: 'istio-ingressgateway-service-account',
        containers: [{ name: 'istio-proxy' }],
      },
    },
  });
  expect(inIstio('ServiceAccount', 'istio-ingressgateway-service-account')).toBeDefined();
});

test('the root certificate is published', () => {
  expect(inIstio('ConfigMap', 'istio-ca-root-cert')?.data).toEqual({ 'root-cert.pem': 'PEM' });
});

test('pods of Istio itself are kept from the injector', () => {
  for (const name of ['istiod', 'istio-ingressgateway']) {
    expect(inIstio('Deployment.apps', name)?.spec).toMatchObject({
      template: { metadata: { labels: { 'sidecar.istio.io/inject': 'false' } } },
    });
  }
});
