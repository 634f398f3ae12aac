import { expect, test } from '@playwright/test';
import type { Fingerprint } from '../../fixtures/run.ts';
import { differencesFrom, fingerprintForReport } from '../../reports/fingerprint.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { sampleFacts, sampleReport } from './sample.ts';

const { kubernetes, calico, istio, boutique } = sampleFacts().versions;

/** The fingerprint of the cluster of the sample report. */
const sample: Fingerprint = {
  kubernetes,
  calico,
  istio,
  boutique,
  dikastesImage: 'quay.io/calico/dikastes:v3.31.7',
  calicoApi: 'api server',
  cluster: '0b9e0000-0000-4000-8000-000000000001',
  nodes: ['alp-control-plane', 'alp-worker'],
  suite: '3f2c9d1',
};

function reportOn(
  fingerprint: Fingerprint,
  changes: Parameters<typeof sampleReport>[0] = {},
): ConformanceReport {
  const { cluster } = sampleFacts();
  return sampleReport({
    cluster: { ...cluster, fingerprint: fingerprintForReport(fingerprint) },
    ...changes,
  });
}

test('nothing differs on the same cluster, in whatever order its fingerprint is told', () => {
  expect(differencesFrom(reportOn(sample), sample)).toEqual([]);
  const reversed = Object.fromEntries(Object.entries(sample).toReversed()) as unknown as Fingerprint;
  expect(differencesFrom(reportOn(sample), reversed)).toEqual([]);
});

const changes: [part: keyof Fingerprint, value: string | string[], difference: string][] = [
  ['kubernetes', 'v1.35.0', 'Kubernetes was v1.34.4 and is v1.35.0'],
  ['calico', 'v3.32.1', 'Calico was v3.31.7 and is v3.32.1'],
  ['istio', '1.29.6', 'Istio was 1.28.10 and is 1.29.6'],
  ['boutique', 'v0.10.6', 'Online Boutique was v0.10.3 and is v0.10.6'],
  ['dikastesImage', 'mine:1', "Dikastes' image was quay.io/calico/dikastes:v3.31.7 and is mine:1"],
  ['calicoApi', 'native crds', "Calico's API was api server and is native crds"],
  [
    'cluster',
    'another',
    'the cluster itself (by the uid of namespace kube-system) was 0b9e0000-0000-4000-8000-000000000001 and is another',
  ],
  ['nodes', ['alp-worker'], 'the nodes were alp-control-plane, alp-worker and are alp-worker'],
  ['suite', '3f2c9d2', 'the suite was 3f2c9d1 and is 3f2c9d2'],
];

for (const [part, value, difference] of changes) {
  test(`a cluster whose ${part} differs is told apart, and by that`, () => {
    expect(differencesFrom(reportOn(sample), { ...sample, [part]: value })).toEqual([difference]);
  });
}

test('every part of a fingerprint is looked at', () => {
  expect(changes.map(([part]) => part).sort()).toEqual(Object.keys(sample).sort());
});

test('all that differs is named', () => {
  const other = { ...sample, calico: 'v3.32.1', istio: '1.29.6' };
  expect(differencesFrom(reportOn(sample), other)).toHaveLength(2);
});

test('a report that could not read its nodes is of the same cluster all the same', () => {
  const environment = { ...sampleFacts().environment, nodes: [] };
  expect(differencesFrom(reportOn(sample, { environment }), sample)).toEqual([]);
});

test('a report without a fingerprint is of no cluster that could be told', () => {
  expect(differencesFrom(sampleReport(), sample)).toEqual(['it tells no fingerprint of a cluster']);
});
