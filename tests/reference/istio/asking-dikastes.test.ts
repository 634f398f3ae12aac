import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { inboundChains } from '../../../fixtures/proxy/inbound-chains.ts';
import type { Asking } from '../../../reference/istio/envoy-filter.ts';
import { dikastesObjects, Mesh } from './mesh.ts';

type Edit = (filter: KubeObject, mesh: Mesh) => void;

interface Spec {
  workloadSelector?: { labels: Record<string, string> };
  configPatches: {
    applyTo: string;
    match: { context: string };
    patch: { value: { typed_config: { failure_mode_allow?: boolean } } };
  }[];
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
  const [frontend, echo] = [mesh.pod('default', 'frontend'), mesh.pod('other', 'echo')];
  const gateway = mesh.gateway();
  for (const traffic of ['requests', 'connections'] as const) {
    expect(mesh.istiod.asksDikastes(frontend, traffic)).toBe('fails closed');
    expect(mesh.istiod.asksDikastes(echo, traffic)).toBe('fails closed');
    expect(mesh.istiod.asksDikastes(gateway, traffic)).toBe('no');
  }
});

/** What is asked about requests and about connections, in a pod of `default` and in one of `other`. */
interface Case {
  what: string;
  edit: Edit | undefined;
  frontend: [requests: Asking, connections: Asking];
  other: [requests: Asking, connections: Asking];
}

const [no, closed, open] = ['no', 'fails closed', 'fails open'] as const;

const cases: Case[] = [
  { what: 'without the filter', edit: undefined, frontend: [no, no], other: [no, no] },
  {
    what: 'with a filter in another namespace',
    edit: ({ metadata }) => Object.assign(metadata, { namespace: 'other' }),
    frontend: [no, no],
    other: [closed, closed],
  },
  {
    what: 'with a filter for some workloads',
    edit: (filter) => Object.assign(specOf(filter), { workloadSelector: { labels: { app: 'frontend' } } }),
    frontend: [closed, closed],
    other: [no, no],
  },
  {
    what: 'with a filter in outbound listeners',
    edit: (filter) => {
      for (const { match } of specOf(filter).configPatches) match.context = 'SIDECAR_OUTBOUND';
    },
    frontend: [no, no],
    other: [no, no],
  },
  {
    what: 'with a filter for connections alone',
    edit: (filter) => {
      const spec = specOf(filter);
      spec.configPatches = spec.configPatches.filter(({ applyTo }) => applyTo === 'NETWORK_FILTER');
    },
    frontend: [no, closed],
    other: [no, closed],
  },
  {
    what: 'with a filter that lets through requests without an answer',
    edit: (filter) => {
      for (const { applyTo, patch } of specOf(filter).configPatches) {
        if (applyTo === 'HTTP_FILTER') patch.value.typed_config.failure_mode_allow = true;
      }
    },
    frontend: [open, closed],
    other: [open, closed],
  },
  {
    what: 'while the cluster that it asks is unknown',
    edit: (_, { store }) => store.remove('ServiceEntry.networking.istio.io', 'dikastes', 'istio-system'),
    frontend: [no, no],
    other: [no, no],
  },
];

for (const { what, edit, frontend, other } of cases) {
  test(`${what}: front end ${frontend.join(', ')}, elsewhere ${other.join(', ')}`, async () => {
    const mesh = await meshWith(edit);
    const asked = (pod: KubeObject) => [
      mesh.istiod.asksDikastes(pod, 'requests'),
      mesh.istiod.asksDikastes(pod, 'connections'),
    ];
    expect(asked(mesh.pod('default', 'frontend'))).toEqual(frontend);
    expect(asked(mesh.pod('other', 'echo'))).toEqual(other);
  });
}

test('the config dump shows of each inbound chain whom it asks, in the order of the filters', async () => {
  const chains = async (edit: Edit | undefined) => {
    const mesh = await meshWith(edit);
    const sections = mesh.istiod.configDump(mesh.pod('default', 'frontend')) as {
      dynamic_listeners?: object[];
    }[];
    return inboundChains(JSON.stringify({ configs: sections.flatMap((one) => one.dynamic_listeners ?? []) }));
  };
  const [requests, connections] = ['virtualInbound-catchall-http', 'virtualInbound'];
  const faultsOf = async (edit: Edit | undefined) =>
    Object.fromEntries((await chains(edit)).map(({ name, faults }) => [name, faults]));
  expect(await faultsOf(asItIs)).toMatchObject({ [requests]: [], [connections]: [] });
  expect(await faultsOf(undefined)).toMatchObject({
    [requests]: ['asks nobody'],
    [connections]: ['asks nobody'],
  });
});
