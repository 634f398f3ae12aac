import { X509Certificate } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { calicoObjects } from '../../scripts/targets/kind/calico/install.ts';
import { forNodesOfKind } from '../../scripts/targets/kind/calico/manifest.ts';
import { customResources } from '../../scripts/targets/kind/calico/operator.ts';
import { withCertificates } from '../../scripts/targets/kind/calico/served.ts';
import { calicoConfig, calicoNode, deployment } from './manifests.ts';

const probes = {
  livenessProbe: { exec: { command: ['/bin/calico-node', '-felix-live', '-bird-live'] }, periodSeconds: 10 },
  readinessProbe: { exec: { command: ['/bin/calico-node', '-felix-ready', '-bird-ready'] } },
};
const manifest = [calicoConfig, calicoNode(probes)];
const ipv4 = { ipFamily: 'ipv4', dataPlane: 'iptables' } as const;

function environment(objects: readonly KubeObject[]): Record<string, string> {
  const { spec } = objects.find(({ kind }) => kind === 'DaemonSet') as KubeObject;
  const { template } = spec as {
    template: { spec: { containers: { env: { name: string; value?: string }[] }[] } };
  };
  return Object.fromEntries(
    (template.spec.containers[0]?.env ?? []).map(({ name, value = 'from elsewhere' }) => [name, value]),
  );
}

test('Calico by manifest routes by VXLAN alone, and asks nothing of BIRD', () => {
  const objects = forNodesOfKind(manifest, ipv4);
  expect(objects[0]).toMatchObject({
    data: { ...(calicoConfig.data as object), calico_backend: 'vxlan' },
  });
  expect(environment(objects)).toEqual({
    DATASTORE_TYPE: 'kubernetes',
    NODENAME: 'from elsewhere',
    IP: 'autodetect',
    CALICO_IPV4POOL_IPIP: 'Never',
    CALICO_IPV4POOL_VXLAN: 'Always',
    CALICO_IPV4POOL_CIDR: '10.244.0.0/16',
  });
  expect(objects[1]).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              livenessProbe: { exec: { command: ['/bin/calico-node', '-felix-live'] }, periodSeconds: 10 },
              readinessProbe: { exec: { command: ['/bin/calico-node', '-felix-ready'] } },
            },
          ],
        },
      },
    },
  });
  // What came in is what was released, and stays so.
  expect(manifest).toEqual([calicoConfig, calicoNode(probes)]);
});

test('IPv6 is an address family of pools, nodes and pods', () => {
  const dual = forNodesOfKind(manifest, { ...ipv4, ipFamily: 'dual' });
  expect(dual[0]?.data).toMatchObject({
    cni_network_config:
      '{ "mtu": __CNI_MTU__, "ipam": { "type": "calico-ipam", "assign_ipv4": "true", "assign_ipv6": "true" } }',
  });
  expect(environment(dual)).toMatchObject({
    IP: 'autodetect',
    IP6: 'autodetect',
    FELIX_IPV6SUPPORT: 'true',
    CALICO_IPV4POOL_CIDR: '10.244.0.0/16',
    CALICO_IPV6POOL_CIDR: 'fd00:10:244::/56',
    CALICO_IPV6POOL_VXLAN: 'Always',
  });
  const alone = forNodesOfKind(manifest, { ...ipv4, ipFamily: 'ipv6' });
  expect(alone[0]?.data).toMatchObject({
    cni_network_config: expect.stringContaining('"assign_ipv4": "false"'),
  });
  expect(environment(alone)).toMatchObject({
    IP: 'none',
    CALICO_IPV4POOL_CIDR: 'none',
    CALICO_ROUTER_ID: 'hash',
  });
});

test('nftables are switched on where a lane has them', () => {
  expect(environment(forNodesOfKind(manifest, { ...ipv4, dataPlane: 'nftables' }))).toMatchObject({
    FELIX_NFTABLESMODE: 'Enabled',
  });
  expect(environment(forNodesOfKind(manifest, ipv4))).not.toHaveProperty('FELIX_NFTABLESMODE');
});

test('a manifest without what is to be changed is refused, not applied half changed', () => {
  expect(() => forNodesOfKind([calicoConfig], ipv4)).toThrow(
    /no ConfigMap calico-config with DaemonSet calico-node/,
  );
});

const webhooks: KubeObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'calico-webhooks' },
  webhooks: [{ name: 'one', clientConfig: { caBundle: '', service: { name: 'calico-webhooks' } } }],
};
const apiService: KubeObject = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v3.projectcalico.org' },
  spec: { group: 'projectcalico.org' },
};
const image = 'quay.io/calico/any:v3.32.1';

test("the API server's calls find the certificate that they are told to trust", async () => {
  const objects = await withCertificates([
    deployment('calico-webhooks', image),
    webhooks,
    deployment('calico-apiserver', image, { namespace: 'calico-apiserver' }),
    apiService,
  ]);
  const secret = (name: string) => {
    const found = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
    return found as KubeObject & { data: Record<string, string> };
  };
  const tls = secret('calico-webhooks-tls');
  expect(tls).toMatchObject({ type: 'kubernetes.io/tls', metadata: { namespace: 'kube-system' } });
  const { webhooks: configured } = objects[1] as unknown as {
    webhooks: { clientConfig: { caBundle: string } }[];
  };
  expect(configured[0]?.clientConfig).toEqual({
    caBundle: tls.data['tls.crt'],
    service: { name: 'calico-webhooks' },
  });
  const certs = secret('calico-apiserver-certs');
  expect(certs).toMatchObject({ type: 'Opaque', metadata: { namespace: 'calico-apiserver' } });
  expect(objects[3]?.spec).toEqual({ group: 'projectcalico.org', caBundle: certs.data['apiserver.crt'] });
  await expectServed(
    certs.data['apiserver.crt'],
    certs.data['apiserver.key'],
    'calico-api.calico-apiserver.svc',
  );
  await expectServed(tls.data['tls.crt'], tls.data['tls.key'], 'calico-webhooks.kube-system.svc');
});

/** Serves with a certificate, and connects as who trusts it and nothing else. */
async function expectServed(cert = '', key = '', name: string): Promise<void> {
  const pem = { cert: Buffer.from(cert, 'base64'), key: Buffer.from(key, 'base64') };
  expect(new X509Certificate(pem.cert).ca).toBe(true);
  const server = createServer(pem, (socket) => socket.end('served'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  const socket = connect({ host: '127.0.0.1', port, ca: pem.cert, servername: name });
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  server.close();
  expect(Buffer.concat(chunks).toString()).toBe('served');
}

test('without those servers there is nothing to certify', async () => {
  expect(await withCertificates([calicoConfig])).toEqual([calicoConfig]);
});

const installation: KubeObject = {
  apiVersion: 'operator.tigera.io/v1',
  kind: 'Installation',
  metadata: { name: 'default' },
  spec: { calicoNetwork: { ipPools: [{ cidr: '192.168.0.0/16', encapsulation: 'VXLANCrossSubnet' }] } },
};
const other = (kind: string): KubeObject => ({ ...installation, kind, spec: {} });

test('the operator is asked for the same network, and for nothing that shows flows', () => {
  const asked = customResources([installation, other('APIServer'), other('Goldmane'), other('Whisker')], {
    ipFamily: 'dual',
    dataPlane: 'nftables',
  });
  const pool = { encapsulation: 'VXLAN', natOutgoing: 'Enabled', nodeSelector: 'all()' };
  expect(asked).toEqual([
    {
      ...installation,
      spec: {
        controlPlaneReplicas: 1,
        calicoNetwork: {
          bgp: 'Disabled',
          linuxDataplane: 'Nftables',
          ipPools: [
            { cidr: '10.244.0.0/16', ...pool },
            { cidr: 'fd00:10:244::/56', ...pool },
          ],
        },
      },
    },
    other('APIServer'),
  ]);
});

test('what the operator is asked for comes after what brings the operator', async () => {
  const operator = deployment('tigera-operator', image, { namespace: 'tigera-operator' });
  const objects = await calicoObjects([operator, installation, other('APIServer')], {
    ...ipv4,
    install: 'operator',
  });
  expect(objects.bringing).toEqual([operator]);
  expect(objects.asking.map(({ kind }) => kind)).toEqual(['Installation', 'APIServer']);
  const byManifest = await calicoObjects(manifest, { ...ipv4, install: 'manifest' });
  expect(byManifest.bringing).toEqual(forNodesOfKind(manifest, ipv4));
  expect(byManifest.asking).toEqual([]);
});
