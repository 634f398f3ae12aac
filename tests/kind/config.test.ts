import { expect, test } from '@playwright/test';
import { kindConfig, registryMirror } from '../../scripts/targets/kind/config.ts';

const ingress = { host: '127.0.0.1', port: 31_234 };
const current = {
  kubernetes: 'v1.34.3',
  api: 'native crds',
  ipFamily: 'ipv4',
  dataPlane: 'iptables',
} as const;

test('two nodes that run pods, no network of kind, and the ingress on this machine alone', () => {
  expect(kindConfig({ ...current, api: 'api server' }, { ingress })).toEqual({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: {
      disableDefaultCNI: true,
      ipFamily: 'ipv4',
      podSubnet: '10.244.0.0/16',
      serviceSubnet: '10.96.0.0/16',
    },
    nodes: [
      {
        role: 'control-plane',
        kubeadmConfigPatches: ['kind: InitConfiguration\nnodeRegistration:\n  taints: []\n'],
        extraPortMappings: [
          { containerPort: 30_080, hostPort: 31_234, listenAddress: '127.0.0.1', protocol: 'TCP' },
        ],
      },
      { role: 'worker' },
    ],
  });
});

test("Calico's own resource definitions need what gives them their defaults", () => {
  expect(kindConfig(current, { ingress })).toMatchObject({
    featureGates: { MutatingAdmissionPolicy: true },
    runtimeConfig: { 'admissionregistration.k8s.io/v1beta1': 'true' },
  });
});

test('the first family is the first of both subnets', () => {
  expect(kindConfig({ ...current, ipFamily: 'dual' }, { ingress })).toMatchObject({
    networking: {
      ipFamily: 'dual',
      podSubnet: '10.244.0.0/16,fd00:10:244::/56',
      serviceSubnet: '10.96.0.0/16,fd00:10:96::/112',
    },
  });
  expect(kindConfig({ ...current, ipFamily: 'ipv6' }, { ingress })).toMatchObject({
    networking: { ipFamily: 'ipv6', podSubnet: 'fd00:10:244::/56' },
  });
});

test('a lane for nftables has kube-proxy program them too', () => {
  expect(kindConfig({ ...current, dataPlane: 'nftables' }, { ingress })).toMatchObject({
    networking: { kubeProxyMode: 'nftables' },
  });
});

for (const [kubernetes, cgroupVersion, forced] of [
  ['v1.34.3', '1', false],
  ['v1.36.1', '1', true],
  ['v1.36.1', '2', false],
] as const) {
  test(`the kubelet of ${kubernetes} on cgroup v${cgroupVersion} is ${forced ? '' : 'not '}forced`, () => {
    const config = kindConfig({ ...current, kubernetes }, { ingress, cgroupVersion });
    expect('kubeadmConfigPatches' in config).toBe(forced);
    if (forced) {
      expect(config).toMatchObject({
        kubeadmConfigPatches: ['kind: KubeletConfiguration\nfailCgroupV1: false\n'],
      });
    }
  });
}

test('a registry is asked first on every node, whatever the image', () => {
  const mirrors = '/run/mirrors';
  const mount = { hostPath: mirrors, containerPath: '/etc/containerd/certs.d', readOnly: true };
  expect(kindConfig(current, { ingress, mirrors })).toMatchObject({
    containerdConfigPatches: [expect.stringContaining('config_path = "/etc/containerd/certs.d"')],
    nodes: [{ extraMounts: [mount] }, { extraMounts: [mount] }],
  });
  expect(registryMirror('mirror.example:5000')).toBe(
    '[host."https://mirror.example:5000"]\n  capabilities = ["pull", "resolve"]\n',
  );
  expect(registryMirror('http://mirror.example')).toMatch(/^\[host\."http:\/\/mirror\.example"\]/);
});
