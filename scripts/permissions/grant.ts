import type { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { pollFor } from '../../fixtures/cluster/wait.ts';
import { writeWhole } from '../../fixtures/write-whole.ts';
import { applyAll } from '../targets/kind/apply.ts';
import { account, objectsOf, type Part } from './manifest.ts';
import { missingFrom } from './missing.ts';
import { permissionsIn } from './permission.ts';
import { inWords } from './words.ts';

/** Longer than any run; a server may shorten it. */
const tokenSeconds = 24 * 60 * 60;

/** A kubeconfig, and the context in it. */
export interface Access {
  kubeconfig: string;
  context: string;
}

/**
 * Grants what some parts say, and writes a kubeconfig with a token of their service account, for its owner alone to
 * read. All of it is in force when this comes back.
 *
 * @param administrator whoever may grant it.
 * @throws ApiError when the cluster refuses; WaitError when what is granted does not come into force.
 */
export async function grant(
  administrator: KubeConfig,
  parts: readonly Part[],
  access: Access,
  signal: AbortSignal,
): Promise<void> {
  const objects = parts.flatMap(objectsOf);
  const cluster = Cluster.connect(administrator);
  try {
    await applyAll(cluster, objects, signal);
    writeAccess(access, administrator, await tokenFrom(cluster));
  } finally {
    await cluster.close();
  }
  await inForce(access, objects, signal);
}

async function tokenFrom(cluster: Cluster): Promise<string> {
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: tokenSeconds },
  };
  const { status } = (await cluster.raw('POST', path, request)) as { status: { token: string } };
  return status.token;
}

function writeAccess({ kubeconfig, context }: Access, administrator: KubeConfig, token: string): void {
  const { server, caData } = administrator.getCurrentCluster() ?? {};
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: context, cluster: { server, 'certificate-authority-data': caData } }],
    users: [{ name: context, user: { token } }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    'current-context': context,
  };
  writeWhole(kubeconfig, stringify(config), 0o600);
}

/** The API server learns of roles as everyone does, by watching, and so a little later than they are stored. */
async function inForce(access: Access, objects: readonly KubeObject[], signal: AbortSignal): Promise<void> {
  const cluster = Cluster.connect(loadKubeConfig(access));
  let missing = permissionsIn(objects);
  const what = `ServiceAccount ${account.namespace}/${account.name} to have its rights`;
  try {
    await pollFor(
      async ({ saw }) => {
        signal.throwIfAborted();
        missing = await missingFrom(cluster, missing);
        saw(`it may not ${inWords(missing)}`);
        return missing.length === 0;
      },
      { intervalMs: 250, timeoutMs: 60_000, what },
    );
  } finally {
    await cluster.close();
  }
}
