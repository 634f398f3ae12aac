import { expect, test } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { checkLane, notJudged } from '../../scripts/lanes/check-lane.ts';
import { type Lane, laneNamed, readLanes } from '../../scripts/lanes/lane.ts';
import { unpinned } from '../../scripts/lanes/unpinned.ts';
import { parseVersions, pinnedVersions } from '../../scripts/lanes/versions-file.ts';

const current: Lane = {
  name: 'current',
  kubernetes: 'v1.34.3',
  node: 'kindest/node:v1.34.3',
  calico: 'v3.32.1',
  istio: '1.28.10',
  kind: 'v0.33.0',
  api: 'api server',
  install: 'manifest',
  ipFamily: 'ipv4',
  dataPlane: 'iptables',
};

test('versions.yaml has the lanes that runs are asked for by, and each goes together', () => {
  const lanes = readLanes();
  expect(lanes.map(({ name }) => name)).toEqual([
    'seed',
    'current',
    'previous',
    'oldest',
    'next',
    'control',
    'ipv6',
    'nftables',
  ]);
  for (const lane of lanes) expect(checkLane(lane), lane.name).toEqual([]);
});

test('what nobody says is IPv4 and iptables', () => {
  expect(laneNamed('current')).toMatchObject({ ipFamily: 'ipv4', dataPlane: 'iptables' });
  expect(laneNamed('control').outcomes).toBe('control');
});

test('a lane that is none is answered with those there are', () => {
  expect(() => laneNamed('newest')).toThrow(/There is no lane newest: take one of seed, current, /);
});

const refused: [what: string, change: Partial<Lane>, sentence: RegExp][] = [
  [
    'a Kubernetes that Calico was not tested with',
    { calico: 'v3.29.7' },
    /^Calico 3\.29 is tested with Kubernetes 1\.29 to 1\.32, and not 1\.34; nearest that go together: Kubernetes 1\.32, Calico 3\.29, Istio 1\.28\.$/,
  ],
  [
    'a Kubernetes that Istio does not support',
    { istio: '1.27.9' },
    /^Istio 1\.27 supports Kubernetes 1\.29 to 1\.33, and not 1\.34; nearest that go together: Kubernetes 1\.34, Calico 3\.32, Istio 1\.28\.$/,
  ],
  [
    'an Istio that Calico has no way to be injected by',
    { calico: 'v3.28.5', istio: '1.24.6', kubernetes: 'v1.30.0', node: 'kindest/node:v1.30.0' },
    /^Calico 3\.28 documents no way to inject Dikastes with Istio 1\.24; nearest .*Kubernetes 1\.30, Calico 3\.29, Istio 1\.24\.$/,
  ],
  [
    'an Istio between two ways',
    { istio: '1.20.8' },
    /^Istio 1\.20 is none that application layer policy is known with;/,
  ],
  [
    'a Calico without the policies',
    { calico: 'v3.20.0' },
    /^Calico 3\.20 is none that application layer policy/,
  ],
  [
    'a node image of another Kubernetes',
    { node: 'kindest/node:v1.33.1@sha256:00' },
    /^The node image kindest\/node:v1\.33\.1@sha256:00 is not of Kubernetes v1\.34\.3; take one with the tag v1\.34\.3\.$/,
  ],
  [
    'an API server that lets no policy be made',
    { calico: 'v3.32.0' },
    /^The API server of Calico v3\.32\.0 lets no server-side apply create a policy \(calico#12841\); take v3\.32\.1, or api: native crds\.$/,
  ],
  [
    'a kind that is too old',
    { kind: 'v0.29.0' },
    /^kind v0\.29\.0 is older than Kubernetes 1\.34; kind v0\.30\.0 is the first that brings it\.$/,
  ],
  [
    'native CRDs before there were any',
    { calico: 'v3.31.7', api: 'native crds' },
    /^Calico 3\.31 has its v3 API from an API server only; take api: api server, or Calico 3\.32\.$/,
  ],
  [
    'nftables before there was any',
    {
      calico: 'v3.28.5',
      istio: '1.15.2',
      kubernetes: 'v1.27.3',
      node: 'kindest/node:v1.27.3',
      dataPlane: 'nftables',
    },
    /Calico 3\.28 programs iptables only; take dataPlane: iptables, or Calico 3\.29\./,
  ],
];

for (const [what, change, sentence] of refused) {
  test(`refused: ${what}`, () => {
    expect(checkLane(current)).toEqual([]);
    expect(checkLane({ ...current, ...change }).join('\n')).toMatch(new RegExp(sentence.source, 'm'));
  });
}

test('a line that decides nothing is proposed to nobody, and taken by those who name it', () => {
  const control = { ...current, calico: 'v3.31.7' };
  expect(checkLane(control)).toEqual([]);
  const older = { ...control, istio: '1.26.8', kubernetes: 'v1.34.3' };
  expect(checkLane(older).join(' ')).toContain('Kubernetes 1.33, Calico 3.31, Istio 1.26.');
  expect(checkLane({ ...current, calico: 'v3.29.7' }).join(' ')).not.toMatch(/Calico 3\.3[01]/);
});

test('what is newer than all that was judged goes with everything, and is named', () => {
  const lane: Lane = { ...current, calico: 'v3.33.0', istio: '1.31.0' };
  expect(checkLane(lane)).toEqual([]);
  expect(notJudged(lane)).toEqual(['Calico v3.33.0', 'Istio 1.31.0']);
  expect(notJudged(current)).toEqual([]);
});

test('of every lane all is pinned but the programs, which nobody has had to compute a digest of', () => {
  for (const lane of readLanes()) {
    expect(unpinned(lane, 'linux-amd64'), lane.name).toEqual([
      `kind ${lane.kind} for linux-amd64`,
      `istioctl ${lane.istio} for linux-amd64`,
    ]);
  }
});

test('a digest that is absent is named, one that is there is not', () => {
  const versions = pinnedVersions();
  const digest = 'a'.repeat(64);
  const tools = { kind: { [current.kind]: { 'linux-amd64': digest } }, istioctl: {} };
  const lane: Lane = { ...current, calico: 'v3.32.9' };
  expect(unpinned(lane, 'linux-amd64', { ...versions, tools })).toEqual([
    'kindest/node:v1.34.3',
    "Calico's manifests/calico.yaml of v3.32.9",
    "Calico's manifests/apiserver.yaml of v3.32.9",
    "Calico's manifests/csi-driver.yaml of v3.32.9",
    'istioctl 1.28.10 for linux-amd64',
  ]);
});

test('a file that makes no sense is refused with its places', () => {
  expect(() => parseVersions('lanes: { current: { calico: newest } }')).toThrow(
    /^versions\.yaml: .*lanes\/current\/calico: is no release such as v3\.32\.1/,
  );
});

test('a file that is no YAML is wrong usage, in one line', () => {
  const text = 'lanes:\n  current: { calico: v3.32.1\n';
  expect(() => parseVersions(text)).toThrow(UsageError);
  expect(() => parseVersions(text)).toThrow(
    /^versions\.yaml is not valid YAML: .+ at line \d+, column \d+\.$/,
  );
  expect(() => parseVersions('')).toThrow(/^versions\.yaml: .+\.$/);
});
