import type { Cluster } from '../../../fixtures/cluster/client.ts';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { listWhereServed } from '../../../fixtures/cluster/served.ts';
import { connectionJudge } from '../../../fixtures/oracle/decide.ts';
import { promise } from '../../../fixtures/oracle/promise.ts';
import { calicoPolicy } from '../../../fixtures/oracle/read-calico.ts';
import { worldOf } from '../../../fixtures/oracle/world.ts';
import { placeLabel } from '../../../fixtures/sandbox/agents.ts';
import { type Check, type Finding, fits, note, unfit } from './check.ts';
import { type Crossing, crossings, inhabitants } from './street.ts';

/**
 * Policies that are there already and select the sandboxes' pods or the front end. A run takes for granted that
 * nothing is denied before it says so: one such policy, and what no policy allows is denied.
 */
export const foreignPolicies: Check = {
  name: "other people's policies",
  look: async (cluster) => {
    const [policies, others, [pool], [frontend]] = await Promise.all([
      enforced(cluster),
      adminPolicies(cluster),
      listWhereServed(cluster, { apiVersion: 'projectcalico.org/v3', kind: 'IPPool' }),
      cluster.list({
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'default',
        labelSelector: 'app=frontend',
      }),
    ]);
    const { cidr } = (pool?.spec ?? {}) as { cidr?: string };
    return judge(policies, inhabitants({ cidr, frontend }), others);
  },
};

/** What decides about connections besides profiles: policies and their tiers, and the sets they refer to. */
async function enforced(cluster: Cluster): Promise<KubeObject[]> {
  const calico = (kind: string, namespace?: string) =>
    listWhereServed(cluster, { apiVersion: 'projectcalico.org/v3', kind, namespace });
  const lists = await Promise.all([
    calico('Tier'),
    calico('GlobalNetworkSet'),
    calico('GlobalNetworkPolicy'),
    calico('NetworkPolicy', 'default'),
    listWhereServed(cluster, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      namespace: 'default',
    }),
  ]);
  return lists.flat().filter(isReadable);
}

/** Felix takes no notice of a policy whose selector does not parse. */
function isReadable(object: KubeObject): boolean {
  if (!isCalicoPolicy(object)) return true;
  try {
    calicoPolicy(object);
    return true;
  } catch {
    return false;
  }
}

async function adminPolicies(cluster: Cluster): Promise<KubeObject[]> {
  const apiVersion = 'policy.networking.k8s.io/v1alpha1';
  const kinds = ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'];
  return (await Promise.all(kinds.map((kind) => listWhereServed(cluster, { apiVersion, kind })))).flat();
}

/**
 * @param policies with their tiers and sets.
 * @param street who is there, and who will be.
 * @param others policies of kinds that are not evaluated here.
 */
function judge(
  policies: readonly KubeObject[],
  street: readonly KubeObject[],
  others: readonly KubeObject[] = [],
): Finding {
  const denied = crossings(street).filter((crossing) => !isPermitted([...street, ...policies], crossing));
  const [first] = denied;
  if (first !== undefined) {
    return unfit(
      `${culpritsOf(first, policies, street)} denies ${first.what}, before the run has said anything`,
      first.inSandbox
        ? `leave the sandboxes out of it, for example by namespaceSelector: "!has(${placeLabel})"`
        : 'leave namespace default out of it, or use another cluster',
    );
  }
  const outgoing = policies.filter((policy) => isCalicoPolicy(policy) && governsSending(policy, street));
  if (outgoing.length > 0) {
    return note(
      `${namesOf(outgoing)} governs what the sandboxes may send; they need DNS, istiod at port 15012 and one another`,
    );
  }
  return others.length > 0
    ? note(`${namesOf(others)} may deny what the sandboxes need; a run does not read such policies`)
    : fits('No policy denies what the run takes for granted');
}

function isPermitted(objects: readonly KubeObject[], { workload, question }: Crossing): boolean {
  return connectionJudge(objects, workload, promise)(question);
}

/** Each policy that denies it alone; all that are there when it takes several. */
function culpritsOf(
  crossing: Crossing,
  policies: readonly KubeObject[],
  street: readonly KubeObject[],
): string {
  const rest = policies.filter((object) => !isPolicy(object));
  const all = policies.filter(isPolicy);
  const guilty = all.filter((policy) => !isPermitted([...street, ...rest, policy], crossing));
  return namesOf(guilty.length === 0 ? all : guilty);
}

/** Whether a policy selects a sandbox's pod for what it sends, and does not let everything out at once. */
function governsSending(object: KubeObject, street: readonly KubeObject[]): boolean {
  const policy = calicoPolicy(object);
  if (policy.staged || !policy.egress) return false;
  const { egress = [] } = (object.spec ?? {}) as { egress?: { action: string }[] };
  const [first] = egress;
  if (first?.action === 'Allow' && Object.keys(first).length === 1) return false;
  return worldOf(street).endpoints.some(
    (endpoint) => endpoint.namespace !== 'default' && policy.selects(endpoint),
  );
}

function isPolicy({ kind }: KubeObject): boolean {
  return kind.endsWith('NetworkPolicy');
}

function isCalicoPolicy({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion.startsWith('projectcalico.org/') && kind.endsWith('NetworkPolicy');
}

function namesOf(objects: readonly KubeObject[]): string {
  return objects
    .map(({ kind, metadata: { name, namespace } }) =>
      namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`,
    )
    .join(' and ');
}
