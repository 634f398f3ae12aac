import { expect, test } from '@playwright/test';
import type { Requirement } from '../../specs/catalogue.ts';
import { inProfile, type Means, select } from '../../specs/selection.ts';

const versions = { kubernetes: 'v1.34.4', calico: 'v3.32.1', istio: '1.28.10' };
const everything: Means = {
  browser: true,
  permissiveBefore: true,
  uninjectedBefore: true,
  api: 'native crds',
  nodes: 2,
  ipv6: true,
  nativeSidecars: true,
  meshAuthority: true,
  dataPlane: 'iptables',
};

function requirement(id: string, more: Partial<Requirement> = {}): Requirement {
  return {
    id,
    statement: 'Something holds.',
    level: 'core',
    source: { document: 'Calico', place: 'somewhere' },
    bench: ['cluster'],
    needs: [],
    area: 'http',
    ...more,
  };
}

test('a profile selects by level and, for the tutorial, by what the tutorial itself says', () => {
  const catalogue = [
    requirement('A-01', { source: { document: 'Tutorial', place: 'x' } }),
    requirement('A-02'),
    requirement('A-03', { level: 'extended' }),
    requirement('A-04', { level: 'extended', source: { document: 'Tutorial', place: 'x' } }),
    requirement('A-05', { profile: 'resilience', source: { document: 'Tutorial', place: 'x' } }),
    requirement('A-06', { profile: 'upgrade' }),
  ];
  const ids = (profile: Parameters<typeof inProfile>[1]) => inProfile(catalogue, profile).map(({ id }) => id);
  expect(ids('tutorial')).toEqual(['A-01']);
  expect(ids('core')).toEqual(['A-01', 'A-02']);
  expect(ids('extended')).toEqual(['A-01', 'A-02', 'A-03', 'A-04']);
  expect(ids('resilience')).toEqual(['A-05']);
  expect(ids('upgrade')).toEqual(['A-06']);
});

test('with every means at hand everything that is asked for is selected, in the order asked', () => {
  const asked = [
    requirement('B-01', { needs: ['browser'] }),
    requirement('A-01', { needs: ['permissive before', 'uninjected before', 'two nodes'] }),
    requirement('A-02', { needs: ['ipv6', 'native sidecars'], api: ['native crds'] }),
  ];
  expect(select(asked, versions, everything)).toEqual({ selected: asked, skipped: [] });
});

const wants: [need: Requirement['needs'][number], means: Partial<Means>, reason: RegExp][] = [
  ['browser', { browser: false }, /^needs a browser: install Chrome or Chromium/],
  ['permissive before', { permissiveBefore: false }, /^needs a mesh that does not demand mutual TLS yet/],
  ['uninjected before', { uninjectedBefore: false }, /^needs a front end that is not injected yet/],
  ['two nodes', { nodes: 1 }, /^needs two nodes that take pods/],
  ['ipv6', { ipv6: false }, /^needs pods with IPv6 addresses/],
  ['native sidecars', { nativeSidecars: false }, /^needs native sidecars: /],
  [
    'mesh ca',
    { meshAuthority: false },
    /^needs certificates that the mesh's own authority signs: add --mesh-ca/,
  ],
];

for (const [need, means, reason] of wants) {
  test(`what needs ${need} is skipped without it, and nothing else is`, () => {
    const asked = [requirement('A-01', { needs: [need] }), requirement('A-02')];
    const { selected, skipped } = select(asked, versions, { ...everything, ...means });
    expect(selected.map(({ id }) => id)).toEqual(['A-02']);
    expect(skipped).toEqual([{ id: 'A-01', reason: expect.stringMatching(reason) }]);
  });
}

test('what a release does not promise is skipped for that, whatever else it lacks', () => {
  const asked = [requirement('A-01', { since: { calico: '3.33' }, needs: ['browser'] })];
  const { selected, skipped } = select(asked, versions, { ...everything, browser: false });
  expect(selected).toEqual([]);
  // A reason that does not begin with "needs" leaves a run complete.
  expect(skipped).toEqual([{ id: 'A-01', reason: 'promised since calico 3.33, and this is v3.32.1' }]);
});

test('what Dikastes alone cannot prove is skipped there, and nothing else is', () => {
  const asked = [requirement('A-01', { bench: ['cluster', 'dikastes'] }), requirement('A-02')];
  const { selected, skipped } = select(asked, versions, { ...everything, bench: 'dikastes' });
  expect(selected.map(({ id }) => id)).toEqual(['A-01']);
  expect(skipped).toEqual([{ id: 'A-02', reason: 'needs a cluster: Dikastes alone cannot prove it' }]);
});

const apis: [api: NonNullable<Requirement['api']>, means: Means['api'], reason: string | undefined][] = [
  [['native crds'], 'native crds', undefined],
  [['native crds', 'api server'], 'api server', undefined],
  [['api server'], 'native crds', 'promised by the API server only, and this cluster has native CRDs'],
  [['native crds'], 'api server', 'promised by native CRDs only, and this cluster has the API server'],
  [
    ['native crds'],
    'unknown',
    "needs a cluster that tells how Calico's API is served: this is promised by native CRDs only",
  ],
];

for (const [api, served, reason] of apis) {
  test(`what is promised by ${api.join(' and ')} is ${reason === undefined ? 'judged' : 'skipped'} where the API is ${served}`, () => {
    const { skipped } = select([requirement('A-01', { api })], versions, { ...everything, api: served });
    expect(skipped).toEqual(reason === undefined ? [] : [{ id: 'A-01', reason }]);
  });
}
