import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Route } from '../../../reference/istio/route.ts';
import { clusterAddress, get, istio, Mesh, peerAuthentication } from './mesh.ts';

function tlsOf(route: Route): string[] {
  return route.kind === 'cluster' ? route.endpoints.map(({ tls }) => tls) : [route.kind];
}

class EchoMesh extends Mesh {
  readonly echo: KubeObject;

  constructor(sidecar = true) {
    super();
    this.pod('srv', 'echo', { sidecar });
    this.echo = this.service('srv', 'echo');
  }

  from(pod: KubeObject): string[] {
    return tlsOf(this.istiod.routeFromSidecar(pod, clusterAddress(this.echo), get('echo.srv')));
  }
}

test('an endpoint with a sidecar is spoken to by mutual TLS, one without in plaintext', () => {
  const mesh = new EchoMesh();
  expect(mesh.from(mesh.pod('ma', 'alice'))).toEqual(['mutual']);
  const plain = new EchoMesh(false);
  expect(plain.from(plain.pod('ma', 'alice'))).toEqual(['plaintext']);
});

// Measured on Istio 1.28.10: only proxies of the namespace itself and gateways learn of such a policy.
test('DISABLE of a namespace turns its own clients and gateways to plaintext, and no one else', () => {
  const mesh = new EchoMesh();
  const gateway = mesh.gateway();
  mesh.add(
    peerAuthentication('srv', 'off', { mtls: { mode: 'DISABLE' } }),
    istio('networking', 'Gateway', 'srv', 'gw', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    }),
    istio('networking', 'VirtualService', 'srv', 'vs', {
      hosts: ['*'],
      gateways: ['gw'],
      http: [{ route: [{ destination: { host: 'echo', port: { number: 80 } } }] }],
    }),
  );
  expect(mesh.from(mesh.pod('srv', 'alice'))).toEqual(['plaintext']);
  expect(tlsOf(mesh.istiod.routeAtGateway(gateway, 80, get('anything')))).toEqual(['plaintext']);
  expect(mesh.from(mesh.pod('ma', 'alice'))).toEqual(['mutual']);
});

test('DISABLE of the whole mesh is known to everyone', () => {
  const mesh = new EchoMesh();
  mesh.add(peerAuthentication('istio-system', 'off', { mtls: { mode: 'DISABLE' } }));
  expect(mesh.from(mesh.pod('ma', 'alice'))).toEqual(['plaintext']);
});

for (const [mode, sidecar, expected] of [
  ['DISABLE', true, 'plaintext'],
  ['ISTIO_MUTUAL', false, 'mutual'],
] as const) {
  test(`a DestinationRule that says ${mode} has the last word`, () => {
    const mesh = new EchoMesh(sidecar);
    mesh.add(
      istio('networking', 'DestinationRule', 'srv', 'echo', {
        host: 'echo',
        trafficPolicy: { tls: { mode } },
      }),
    );
    expect(mesh.from(mesh.pod('ma', 'alice'))).toEqual([expected]);
  });
}
