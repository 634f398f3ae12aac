import type { Cluster } from '../../../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../../fixtures/cluster/state.ts';
import { waitFor } from '../../../../fixtures/cluster/wait.ts';
import type { Lane } from '../../../lanes/lane.ts';
import { familiesOf, subnets } from '../config.ts';

/**
 * What Calico's operator is asked for: an Installation for a network of VXLAN alone on the pods' subnets, and the v3
 * API. What else the manifest asks for (Goldmane and Whisker, which show flows) no requirement looks at.
 */
export function customResources(
  objects: readonly KubeObject[],
  { ipFamily, dataPlane }: Pick<Lane, 'ipFamily' | 'dataPlane'>,
): KubeObject[] {
  return objects
    .filter(({ kind }) => kind === 'Installation' || kind === 'APIServer')
    .map((object) => {
      if (object.kind !== 'Installation') return object;
      const spec = {
        controlPlaneReplicas: 1,
        calicoNetwork: {
          bgp: 'Disabled',
          ...(dataPlane === 'nftables' && { linuxDataplane: 'Nftables' }),
          ipPools: familiesOf({ ipFamily }).map((family) => ({
            cidr: subnets.pods[family],
            encapsulation: 'VXLAN',
            natOutgoing: 'Enabled',
            nodeSelector: 'all()',
          })),
        },
      };
      return { ...object, spec };
    });
}

const statuses = { apiVersion: 'operator.tigera.io/v1', kind: 'TigeraStatus' };

/** What the operator tells of: these are always there, others come with what is asked for. */
const awaited = ['calico', 'apiserver'];

/**
 * Waits until the operator says that all it was asked for is available.
 *
 * @throws WaitError when it is not in time, or the operator says what time will not heal, in the operator's words.
 */
export async function waitForTigeraStatus(
  cluster: Cluster,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  await waitFor(
    cluster,
    statuses,
    (found) =>
      awaited.every((name) => found.some(({ metadata }) => metadata.name === name)) &&
      found.every((status) => isTrue(status, 'Available') && !isTrue(status, 'Degraded')),
    {
      timeoutMs,
      signal,
      what: "Calico's operator to have everything available",
      failFast: (found) => found.find(isHopeless) && describe(found.filter(isHopeless)),
      summary: (found) => describe(found.filter((status) => !isTrue(status, 'Available'))),
    },
  );
}

/** It degrades itself for a while over whatever is not there yet; these are not about that. */
const lasting = ['InvalidConfigurationError', 'ResourceValidationError', 'ImageSetError'];

function isHopeless(status: KubeObject): boolean {
  const { status: is, reason = '', message = '' } = conditionOf(status, 'Degraded') ?? {};
  return is === 'True' && (lasting.includes(reason) || /failed to pull/.test(message));
}

function describe(found: readonly KubeObject[]): string {
  if (found.length === 0) return 'the operator has told of nothing yet';
  return found.map(describeOne).join('; ');
}

function describeOne(status: KubeObject): string {
  const { name } = status.metadata;
  for (const type of ['Degraded', 'Progressing']) {
    const { status: is, reason = '', message = '' } = conditionOf(status, type) ?? {};
    if (is === 'True')
      return `${name} is ${type.toLowerCase()} (${[reason, message].filter(Boolean).join(': ')})`;
  }
  return `${name} is not available`;
}

function isTrue(status: KubeObject, type: string): boolean {
  return conditionOf(status, type)?.status === 'True';
}
