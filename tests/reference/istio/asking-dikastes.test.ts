import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { dikastesObjects, Mesh } from './mesh.ts';

type Edit = (filter: KubeObject, mesh: Mesh) => void;

interface Spec {
  workloadSelector?: { labels: Record<string, string> };
  configPatches: { applyTo: string; match: { context: string } }[];
}

const asItIs: Edit = () => {};

/** The tutorial's objects with the EnvoyFilter edited; undefined leaves it out. */
async function meshWith(edit: Edit | undefined): Promise<Mesh> {
  const mesh = new Mesh();
  for (const object of structuredClone(await dikastesObjects())) {
    if (object.kind === 'EnvoyFilter') {
      if (edit === undefined) continue;
      edit(object, mesh);
    }
    mesh.add(object);
  }
  return mesh;
}

const specOf = (filter: KubeObject) => filter.spec as Spec;

test("the tutorial's filter asks in every sidecar of the mesh, and in no gateway", async () => {
  const mesh = await meshWith(asItIs);
  expect(mesh.istiod.asksDikastes(mesh.pod('default', 'frontend'))).toBe(true);
  expect(mesh.istiod.asksDikastes(mesh.pod('other', 'echo'))).toBe(true);
  expect(mesh.istiod.asksDikastes(mesh.gateway())).toBe(false);
});

const edits: [what: string, edit: Edit | undefined, frontend: boolean, other: boolean][] = [
  ['without the filter', undefined, false, false],
  [
    'with a filter in another namespace',
    ({ metadata }) => Object.assign(metadata, { namespace: 'other' }),
    false,
    true,
  ],
  [
    'with a filter for some workloads',
    (filter) => Object.assign(specOf(filter), { workloadSelector: { labels: { app: 'frontend' } } }),
    true,
    false,
  ],
  [
    'with a filter in outbound listeners',
    (filter) => {
      for (const { match } of specOf(filter).configPatches) match.context = 'SIDECAR_OUTBOUND';
    },
    false,
    false,
  ],
  [
    'with a filter for connections alone',
    (filter) => {
      const spec = specOf(filter);
      spec.configPatches = spec.configPatches.filter(({ applyTo }) => applyTo === 'NETWORK_FILTER');
    },
    false,
    false,
  ],
  [
    'while the cluster that it asks is unknown',
    (_, { store }) => store.remove('ServiceEntry.networking.istio.io', 'dikastes', 'istio-system'),
    false,
    false,
  ],
];

for (const [what, edit, frontend, other] of edits) {
  test(`${what}: front end ${frontend}, elsewhere ${other}`, async () => {
    const mesh = await meshWith(edit);
    expect(mesh.istiod.asksDikastes(mesh.pod('default', 'frontend'))).toBe(frontend);
    expect(mesh.istiod.asksDikastes(mesh.pod('other', 'echo'))).toBe(other);
  });
}

interface Section {
  dynamic_listeners?: {
    name: string;
    active_state: {
      listener: { filter_chains: { filters: { typed_config?: { http_filters: { name: string }[] } }[] }[] };
    };
  }[];
}

test('the config dump names the HTTP filters of the inbound listener in order', async () => {
  const filters = async (edit: Edit | undefined) => {
    const mesh = await meshWith(edit);
    const sections = mesh.istiod.configDump(mesh.pod('default', 'frontend')) as Section[];
    const configs = sections.flatMap((section) => section.dynamic_listeners ?? []);
    const inbound = configs.find(({ name }) => name === 'virtualInbound');
    const [chain] = inbound?.active_state.listener.filter_chains ?? [];
    return chain?.filters[0]?.typed_config?.http_filters.map(({ name }) => name);
  };
  expect(await filters(asItIs)).toEqual(['envoy.filters.http.ext_authz', 'envoy.filters.http.router']);
  expect(await filters(undefined)).toEqual(['envoy.filters.http.router']);
});
