import { parseDocument } from 'yaml';
import type { Cluster } from '../../fixtures/cluster/client.ts';
import type { Ref } from '../../fixtures/cluster/objects.ts';
import { isReady } from '../../fixtures/cluster/pods.ts';
import { waitForRollout } from '../../fixtures/cluster/rollout.ts';
import { pollFor } from '../../fixtures/cluster/wait.ts';
import { felixConfiguration } from '../../fixtures/policy-sync.ts';
import { placeLabel } from '../../fixtures/sandbox/agents.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { promised, type Rules } from '../../reference/rules/rules.ts';

/** Something done to a mesh that requirements must notice. */
export interface Blow {
  what: string;
  /** Why each of these must fail: a part of the cause that its report tells. */
  red: Record<string, RegExp>;
  /** Rules of the reference mesh that are replaced, where no object of a cluster could do it. */
  faults?: Partial<Rules>;
  /** Done between runbook and requirements, until it has its effect. */
  strike?: (cluster: Cluster) => Promise<void>;
  /** Further arguments of the run. */
  args?: string[];
}

const frontend = { name: 'frontend', namespace: 'default' };
const deployment: Ref = { apiVersion: 'apps/v1', kind: 'Deployment', ...frontend };

/** What no recorded run of a broken cluster has turned red of the core requirements. */
export const blows: readonly Blow[] = [
  {
    what: 'Policy Sync switched off',
    red: {
      'INST-01': /FelixConfiguration default/,
      'INST-07': /Dikastes of frontend-\S+ is ready/,
    },
    strike: async (cluster) => {
      await cluster.patch(felixConfiguration, { spec: { policySyncPathPrefix: null } }, { type: 'merge' });
      await untilUnready(cluster);
    },
  },
  {
    what: 'the CSI driver taken away',
    red: { 'INST-02': /CSIDriver csi\.tigera\.io/ },
    strike: async (cluster) => {
      await cluster.delete({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', name: 'csi.tigera.io' });
    },
  },
  {
    what: 'the template of Dikastes emptied, the shop restarted, and a namespace labelled',
    red: {
      'INST-03': /ArrayContaining|dikastes/,
      'INST-05': /containers of frontend-/,
      'INST-06': /containers of productcatalogservice-\S+, which was not restarted/,
      'INST-09': /containers of a pod in alp-\S+-plain/,
    },
    strike: async (cluster) => {
      await emptyTemplate(cluster);
      await annotate(cluster, deployment);
      await waitForRollout(cluster, frontend, { timeoutMs: 60_000 });
      const other = { name: 'productcatalogservice', namespace: 'default' };
      await annotate(cluster, { ...deployment, ...other });
      await waitForRollout(cluster, other, { timeoutMs: 60_000 });
      await labelPlain(cluster);
    },
  },
  {
    what: 'a filter that lets through requests without an answer, and asks about no connection',
    red: {
      'INST-04':
        /virtualInbound asks nobody[\s\S]*failure_mode_allow|failure_mode_allow[\s\S]*virtualInbound asks nobody/,
    },
    strike: async (cluster) => {
      const filter = {
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'EnvoyFilter',
        namespace: 'istio-system',
        name: 'ext-authz',
      };
      const { configPatches } = (await cluster.get(filter)).spec as { configPatches: FilterPatch[] };
      const [requests] = configPatches.filter(({ applyTo }) => applyTo === 'HTTP_FILTER');
      if (requests === undefined) throw new Error('The EnvoyFilter asks about no request.');
      requests.patch.value.typed_config.failure_mode_allow = true;
      await cluster.patch(filter, { spec: { configPatches: [requests] } }, { type: 'merge' });
    },
  },
  {
    what: 'Dikastes of another release beside the front end',
    red: { 'INST-08': /is of the release of Calico/ },
    args: ['--dikastes-image', 'quay.io/calico/dikastes:v3.29.7'],
  },
  {
    what: 'a mesh that demands mutual TLS where nobody has asked it to',
    red: { 'MTLS-01': /plain -> echo: GET \/ was refused by mtls, expected allowed/ },
    faults: {
      modeOf: (policies, ...of) => (policies.length === 0 ? 'STRICT' : promised.modeOf(policies, ...of)),
    },
  },
  {
    what: 'sidecars told to speak mutual TLS with a pod that has none',
    red: { 'MTLS-04': /client -> plain: GET \/ was .+, expected allowed/ },
    strike: async (cluster) => {
      for (const namespace of await placesOf(cluster, 'outside')) {
        await cluster.create({
          apiVersion: 'networking.istio.io/v1beta1',
          kind: 'DestinationRule',
          metadata: { name: 'plain', namespace },
          spec: {
            host: `plain.${namespace}.svc.cluster.local`,
            trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
          },
        });
      }
    },
  },
  {
    what: 'sidecars that let in whoever speaks TLS',
    red: {
      'MTLS-07': /was allowed, expected refused by mtls/,
      'MTLS-08': /was allowed, expected refused by mtls/,
    },
    faults: { judgePeer: () => undefined },
  },
];

interface FilterPatch {
  applyTo: string;
  patch: { value: { typed_config: { failure_mode_allow?: boolean } } };
}

async function untilUnready(cluster: Cluster): Promise<void> {
  await pollFor(async () => !(await podsOf(cluster, frontend.namespace, 'app=frontend')).some(isReady), {
    intervalMs: 100,
    timeoutMs: 60_000,
    what: 'the front end to lose its readiness',
  });
}

/** Leaves a template of that name that adds nothing. */
async function emptyTemplate(cluster: Cluster): Promise<void> {
  const ref = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: 'istio-system',
    name: 'istio-sidecar-injector',
  };
  const { config = '' } = (await cluster.get(ref)).data as { config?: string };
  const emptied = parseDocument(config);
  emptied.setIn(['templates', 'dikastes'], 'metadata: {}\n');
  await cluster.patch(ref, { data: { config: String(emptied) } }, { type: 'merge' });
}

/** Restarts a workload as `kubectl rollout restart` does. */
async function annotate(cluster: Cluster, ref: Ref): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  await cluster.patch(ref, { spec: { template: { metadata: { annotations } } } }, { type: 'merge' });
}

async function placesOf(cluster: Cluster, place: string): Promise<string[]> {
  const namespaces = await cluster.list({
    apiVersion: 'v1',
    kind: 'Namespace',
    labelSelector: `${placeLabel}=${place}`,
  });
  return namespaces.map(({ metadata }) => metadata.name);
}

/** Has the injector asked about whatever is made outside the mesh. */
async function labelPlain(cluster: Cluster): Promise<void> {
  for (const name of await placesOf(cluster, 'outside')) {
    const labels = { 'istio-injection': 'enabled' };
    await cluster.patch(
      { apiVersion: 'v1', kind: 'Namespace', name },
      { metadata: { labels } },
      { type: 'merge' },
    );
  }
}
