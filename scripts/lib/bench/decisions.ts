import type { Cluster } from '../../../fixtures/cluster/client.ts';
import { execInPod } from '../../../fixtures/cluster/exec.ts';
import { allow, openTransport } from '../../../fixtures/policies/rules.ts';
import type { SandboxPolicies } from '../../../fixtures/policies/sandbox-policies.ts';
import { control, decide, type Row } from '../../../fixtures/probes/decide.ts';
import { observe } from '../../../fixtures/probes/observe.ts';
import { HEAD, over, POST } from '../../../fixtures/probes/request.ts';
import type { Route } from '../../../fixtures/probes/route.ts';
import type { Sandbox } from '../../../fixtures/sandbox/sandbox.ts';

/** What one prober pod got decided. */
export interface Decisions {
  /** Requests a second over kept connections, each of them decided by Dikastes. */
  perSecond: number;
  counted: number;
  /** The same with one exec for every request. */
  perSecondByExec: number;
}

/** How many connections the prober keeps open at once, and how many requests go in one batch. */
const connections = 16;
const perBatch = 8_000;
const execs = 10;

/**
 * Has one pod ask another through both sidecars for a while, half of it allowed and half of it denied, and counts.
 * None of the answers has a body: what is counted is decisions, and not how fast bodies travel.
 *
 * @param forMs how long it goes on at least, in milliseconds.
 * @throws when any request is not decided as the policy has it: a fast wrong answer is no decision.
 */
export async function countDecisions(
  cluster: Cluster,
  sandbox: Sandbox,
  policy: SandboxPolicies,
  forMs: number,
): Promise<Decisions> {
  await policy.enforce([openTransport, allow({ methods: ['HEAD'] })]);
  const route = await sandbox.route('client', 'echo');
  const rows: Row[] = [
    [HEAD('/'), 'allowed', control],
    [POST('/'), 'denied by alp'],
  ];
  const { ok, edges } = await decide(route, rows);
  if (!ok) throw new Error(`The mesh does not decide as it should: ${JSON.stringify(edges)}`);

  const until = performance.now() + forMs;
  const began = performance.now();
  let counted = 0;
  do counted += await oneBatch(route);
  while (performance.now() < until);
  const perSecond = counted / ((performance.now() - began) / 1000);
  return { perSecond, counted, perSecondByExec: await byExec(cluster, sandbox, route) };
}

async function oneBatch(route: Route): Promise<number> {
  const requests = Array.from({ length: perBatch }, (_, index) =>
    over(`bench-${index % connections}`, (index >> 4) % 2 === 0 ? HEAD('/') : POST('/')),
  );
  const judged = await observe(route, requests);
  const wrong = judged.find(({ verdict }, index) => {
    const wanted = requests[index]?.http?.method === 'HEAD' ? 'allowed' : 'denied, cause unseen';
    return verdict.name !== wanted;
  });
  if (wrong !== undefined) {
    throw new Error(
      `${route.name}: a request was ${wrong.verdict.name} (${wrong.verdict.evidence.join('; ')}).`,
    );
  }
  return judged.length;
}

/** The way that costs a program and an exec for every request. */
async function byExec(cluster: Cluster, sandbox: Sandbox, { host, port }: Route): Promise<number> {
  const { name } = (await sandbox.pod('client')).metadata;
  const probe = {
    id: 'bench-exec',
    host,
    port,
    protocol: 'http/1.1',
    http: HEAD('/'),
    connectTimeoutMs: 2_000,
    timeoutMs: 10_000,
  };
  const began = performance.now();
  for (let count = 0; count < execs; count++) {
    const { stdout } = await execInPod(
      cluster,
      { namespace: sandbox.namespaceOf('client'), pod: name, container: 'agent' },
      ['node', '/agent/agent.ts', 'probe'],
      { stdin: `${JSON.stringify(probe)}\n{"end":true}\n`, timeoutMs: 30_000 },
    );
    const { response } = JSON.parse(stdout) as { response?: { status: number } };
    if (response?.status !== 200)
      throw new Error(`A request by an exec of its own was not allowed: ${stdout}`);
  }
  return execs / ((performance.now() - began) / 1000);
}
