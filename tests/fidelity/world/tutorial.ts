import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../../fixtures/cluster/kubeconfig.ts';
import type { Run } from '../../../fixtures/run.ts';
import { writeKubeconfig } from '../../../reference/api/kubeconfig.ts';
import type { Mesh } from '../../../reference/mesh.ts';
import { allAvailable } from '../../../reference/readiness.ts';
import { accessLogs } from '../../../scripts/runbook/access-logs.ts';
import { automaticSidecarInjection } from '../../../scripts/runbook/automatic-sidecar-injection.ts';
import { peerAuthentication } from '../../../scripts/runbook/peer-authentication.ts';
import { policySync } from '../../../scripts/runbook/policy-sync.ts';
import { routingTheTraffic } from '../../../scripts/runbook/routing-the-traffic.ts';
import { serviceMeshAuthorization } from '../../../scripts/runbook/service-mesh-authorization.ts';
import { sidecarInjector } from '../../../scripts/runbook/sidecar-injector.ts';
import type { Step } from '../../../scripts/runbook/step.ts';
import { Walk } from '../../../scripts/runbook/walk.ts';
import { ready } from './readiness.ts';
import { agentImage } from './sandbox.ts';

/** The steps of the tutorial that change something on a mesh as `startMesh` gives it. */
const steps: readonly Step[] = [
  accessLogs,
  peerAuthentication,
  policySync,
  sidecarInjector,
  serviceMeshAuthorization,
  routingTheTraffic,
  automaticSidecarInjection,
];

/** Brings a mesh to the end of the tutorial, before any policy, by what the runbook's own steps apply. */
export async function walkTutorial(mesh: Mesh, versions: { calico: string; istio: string }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'alp-fidelity-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, mesh.api, 'fidelity');
  const cluster = Cluster.connect(loadKubeConfig({ kubeconfig, context: 'fidelity' }));
  const run = { id: 'fidelity', folder, pid: process.pid, versions, agentImage, selected: [] };
  try {
    const walk = new Walk(cluster, run as unknown as Run, 'fidelity');
    for (const step of steps) await step.apply(walk);
  } finally {
    await cluster.close();
    rmSync(folder, { recursive: true });
  }
  await allAvailable(mesh.store);
  // The pod without Dikastes goes once its successor is ready.
  await ready(mesh.store, ({ metadata }) => metadata.labels?.app === 'frontend', { count: 1 });
}
