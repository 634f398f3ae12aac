import { expect, test } from '@playwright/test';
import { installedManifests, manifestAt, manifestsOf } from '../../scripts/downloads/manifests.ts';
import { laneNamed, readLanes } from '../../scripts/lanes/lane.ts';

const names = (paths: readonly string[]) => paths.map((path) => path.replace(/^manifests\//, ''));

test('what is installed depends on the way and on the kind of API', () => {
  const of = (lane: Partial<ReturnType<typeof laneNamed>>) =>
    names(installedManifests({ ...laneNamed('current'), ...lane }));
  expect(of({ install: 'manifest', api: 'native crds' })).toEqual(['calico-v3-crds.yaml', 'csi-driver.yaml']);
  expect(of({ install: 'manifest', api: 'api server' })).toEqual([
    'calico.yaml',
    'apiserver.yaml',
    'csi-driver.yaml',
  ]);
  expect(of({ install: 'operator', api: 'native crds' })).toEqual([
    'v3_projectcalico_org.yaml',
    'tigera-operator.yaml',
    'custom-resources.yaml',
  ]);
  expect(of({ install: 'operator', api: 'api server' })).toEqual([
    'operator-crds.yaml',
    'tigera-operator.yaml',
    'custom-resources.yaml',
  ]);
});

test('the operator of early releases has its resource definitions in its manifest', () => {
  const lane = { calico: 'v3.29.7', api: 'api server', install: 'operator' } as const;
  expect(names(installedManifests(lane))).toEqual(['tigera-operator.yaml', 'custom-resources.yaml']);
});

test("Istio 1.15 takes Calico's configuration of the injector, of the first release that ships it", () => {
  const seed = manifestsOf(laneNamed('seed')).at(-1);
  expect(seed).toEqual({
    release: 'v3.25.2',
    path: 'manifests/alp/istio-inject-configmap-1.15.yaml',
    url: 'https://raw.githubusercontent.com/projectcalico/calico/v3.25.2/manifests/alp/istio-inject-configmap-1.15.yaml',
    sha256: 'b890314ee0d7801ad665dfcee5295668ce0a2aed5d8419295befc7f3eda57cd4',
  });
  expect(manifestsOf(laneNamed('current')).map(({ path }) => path)).not.toContain(seed?.path);
});

test('every file that a lane needs is pinned', () => {
  for (const lane of readLanes()) {
    for (const { path, sha256 } of manifestsOf(lane)) expect(sha256, `${lane.name}: ${path}`).toBeDefined();
  }
});

test('a file that nobody has computed a digest of has none', () => {
  expect(manifestAt('v3.32.1', 'manifests/canal.yaml').sha256).toBeUndefined();
});
