import type { Cluster } from '../../../fixtures/cluster/client.ts';
import { tutorialGateway } from '../../runbook/gateway.ts';
import { ingressNodePort } from './config.ts';

/** Gives the ingress gateway the node port that the nodes' ports are mapped to. */
export async function fixIngressPort(cluster: Cluster): Promise<void> {
  const { namespace, name } = tutorialGateway;
  await cluster.patch(
    { apiVersion: 'v1', kind: 'Service', namespace, name },
    { spec: { ports: [{ port: 80, nodePort: ingressNodePort }] } },
    { type: 'strategic' },
  );
}
