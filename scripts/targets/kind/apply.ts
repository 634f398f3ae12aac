import type { Cluster } from '../../../fixtures/cluster/client.ts';
import { type KubeObject, nameOf, refOf } from '../../../fixtures/cluster/objects.ts';
import { conditionOf } from '../../../fixtures/cluster/state.ts';
import { waitFor } from '../../../fixtures/cluster/wait.ts';

/** What other objects live in, or are kinds of, comes before them; pods before what they need would fail first. */
const order = [
  (kind: string) => kind === 'Namespace' || kind === 'CustomResourceDefinition',
  (kind: string) => kind !== 'Deployment' && kind !== 'DaemonSet',
  () => true,
];

/**
 * Applies the objects of a manifest as `kubectl apply --server-side` does, in an order that works whatever theirs is,
 * and waits for the kinds that they define.
 *
 * @throws ApiError naming the object that was refused; WaitError when a kind does not come into force.
 */
export async function applyAll(
  cluster: Cluster,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  let rest = [...objects];
  for (const isNow of order) {
    const now = rest.filter(({ kind }) => isNow(kind));
    rest = rest.filter(({ kind }) => !isNow(kind));
    await Promise.all(now.map((object) => apply(cluster, object, signal)));
    await Promise.all(now.filter(isDefinition).map((definition) => established(cluster, definition, signal)));
  }
}

async function apply(cluster: Cluster, object: KubeObject, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await cluster.apply(withoutNulls(object), { force: true });
  } catch (error) {
    signal.throwIfAborted();
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`${nameOf(refOf(object))} could not be applied: ${said}`, { cause: error });
  }
}

/** A field that manifests leave empty says nothing; to server-side apply it would. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)])) as T;
}

function isDefinition({ kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition';
}

async function established(
  cluster: Cluster,
  { apiVersion, kind, metadata: { name } }: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  await waitFor(
    cluster,
    { apiVersion, kind, name },
    ([definition]) => definition !== undefined && conditionOf(definition, 'Established')?.status === 'True',
    { timeoutMs: 60_000, what: `${name} to be served`, signal },
  );
}
