import { expect, test } from '@playwright/test';
import { clusterNames } from '../../fixtures/proxy/admin.ts';

test('the clusters of a dump are told by their names', () => {
  const configs = [
    {
      '@type': 'type.googleapis.com/envoy.admin.v3.ClustersConfigDump.DynamicCluster',
      cluster: { name: 'one' },
    },
    { cluster: { name: 'outbound|80||echo.shop.svc.cluster.local' } },
    {},
  ];
  expect(clusterNames(JSON.stringify({ configs }))).toEqual([
    'one',
    'outbound|80||echo.shop.svc.cluster.local',
  ]);
  expect(clusterNames('{}')).toEqual([]);
});
