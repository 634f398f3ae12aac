import type { Cluster } from '../../../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../../fixtures/cluster/state.ts';
import { waitFor } from '../../../../fixtures/cluster/wait.ts';
import { felixConfiguration } from '../../../../fixtures/policy-sync.ts';
import type { Lane } from '../../../lanes/lane.ts';
import { applyAll } from '../apply.ts';
import { rolledOut } from '../rolled-out.ts';
import { forNodesOfKind } from './manifest.ts';
import { customResources, waitForTigeraStatus } from './operator.ts';
import { withCertificates } from './served.ts';

type CalicoLane = Pick<Lane, 'install' | 'ipFamily' | 'dataPlane'>;

/** What of Calico is applied: first what brings it, then, by operator, what it is asked for. */
export interface CalicoObjects {
  bringing: KubeObject[];
  asking: KubeObject[];
}

/** Kinds that the operator's own manifests define. */
const operatorGroup = 'operator.tigera.io/';

/**
 * Calico's objects for a lane's cluster.
 *
 * @param objects of all its manifests (`installedManifests`), as released.
 */
export async function calicoObjects(
  objects: readonly KubeObject[],
  lane: CalicoLane,
): Promise<CalicoObjects> {
  if (lane.install === 'manifest') {
    return { bringing: await withCertificates(forNodesOfKind(objects, lane)), asking: [] };
  }
  const isAsked = ({ apiVersion }: KubeObject) => apiVersion.startsWith(operatorGroup);
  return {
    bringing: objects.filter((object) => !isAsked(object)),
    asking: customResources(objects.filter(isAsked), lane),
  };
}

export interface InstallOptions {
  signal: AbortSignal;
  timeoutMs?: number;
}

/** Brings Calico into a cluster; the nodes become ready meanwhile. */
export async function applyCalico(
  cluster: Cluster,
  { bringing, asking }: CalicoObjects,
  { signal }: InstallOptions,
): Promise<void> {
  await applyAll(cluster, bringing, signal);
  await applyAll(cluster, asking, signal);
}

/** Waits until Calico does its work: every pod of it, its v3 API, and the configuration that it makes itself. */
export async function calicoReady(
  cluster: Cluster,
  { bringing, asking }: CalicoObjects,
  { signal, timeoutMs = 300_000 }: InstallOptions,
): Promise<void> {
  await rolledOut(cluster, bringing, { signal, timeoutMs });
  if (asking.length > 0) await waitForTigeraStatus(cluster, { signal, timeoutMs });
  await waitFor(
    cluster,
    { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', name: 'v3.projectcalico.org' },
    ([service]) => service !== undefined && conditionOf(service, 'Available')?.status === 'True',
    { timeoutMs, what: 'projectcalico.org/v3 to be served', signal },
  );
  const { apiVersion, kind, name } = felixConfiguration;
  await waitFor(cluster, { apiVersion, kind, name }, ([configuration]) => configuration, {
    timeoutMs,
    what: `${kind} ${name} to be made by Calico`,
    signal,
    // An aggregated API that has just been called available may answer 503 for another moment.
    comesUp: true,
  });
}

/** Waits until every node of a cluster takes pods. */
export async function nodesReady(
  cluster: Cluster,
  { signal, timeoutMs = 300_000 }: InstallOptions,
): Promise<void> {
  await waitFor(
    cluster,
    { apiVersion: 'v1', kind: 'Node' },
    (nodes) => nodes.length > 0 && nodes.every((node) => conditionOf(node, 'Ready')?.status === 'True'),
    { timeoutMs, what: 'the nodes to be ready', signal },
  );
}
