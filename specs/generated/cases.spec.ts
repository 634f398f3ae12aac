import fc from 'fast-check';
import { type Predict, predictor } from '../../fixtures/generated/predict.ts';
import { enact, inhabitantsOf, makeTiers, principalOf } from '../../fixtures/generated/situation.ts';
import {
  askers,
  ofSandbox,
  portsOf,
  type SandboxCase,
  sandboxCase,
} from '../../fixtures/policy-case/generate/sandbox-case.ts';
import type { Row } from '../../fixtures/probes/decide.ts';
import { recorder } from '../../fixtures/recorder.ts';
import { agentPort } from '../../fixtures/sandbox/ports.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';
import { control, expect, GET, request, requirement } from '../../fixtures/test.ts';

const parts = 4;
const casesPerPart = 3;

for (let part = 0; part < parts; part++) {
  requirement('GEN-01', `part ${part + 1} of ${parts}`, async ({ cluster, run, sandbox, policy }) => {
    const inhabitants = await inhabitantsOf(cluster, sandbox);
    const addresses = await Promise.all([...askers, 'echo' as const].map((name) => sandbox.address(name)));
    const cases = fc
      .sample(sandboxCase(run.versions.calico, ofSandbox(addresses)), {
        seed: run.seed,
        numRuns: parts * casesPerPart,
      })
      .slice(part * casesPerPart, (part + 1) * casesPerPart);
    const tiers = await makeTiers(policy);
    let set = 0;
    const decided = { allowed: 0, 'denied by alp': 0 };
    for (const [index, one] of cases.entries()) {
      const marker = `/alp-conformance/case-${part}-${index}`;
      const made = await enact(policy, one, tiers, marker);
      const { name } = (await sandbox.pod('echo')).metadata;
      const predict = predictor(
        [...inhabitants, ...policy.inForce],
        { namespace: sandbox.mesh, name },
        run.versions.calico,
      );
      const batches = batchesOf(one, await addressesOf(sandbox), sandbox, predict, marker);
      const ended = await Promise.allSettled(
        batches.map(async ({ from, port, rows }) =>
          expect(await sandbox.route(from, 'echo', { port })).toDecide(rows),
        ),
      );
      const failed = ended.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      for (const [, verdict, mark] of batches.flatMap(({ rows }) => rows)) {
        if (mark === undefined) decided[verdict as keyof typeof decided] += 1;
      }
      set += one.questions.length;
      await Promise.all(made.map((object) => policy.remove(object)));
    }
    expect(decided, 'requests whose decision is promised and not known to be broken').not.toEqual({
      allowed: 0,
      'denied by alp': 0,
    });
    // Where all is allowed or all is denied, a mesh that does only that would pass.
    for (const verdict of ['allowed', 'denied by alp'] as const) {
      if (decided[verdict] > 0 || decided.allowed + decided['denied by alp'] === 0) continue;
      throw new Error(`No request of part ${part + 1} is ${verdict} with --seed ${run.seed}; name another.`);
    }
    const asked = decided.allowed + decided['denied by alp'];
    recorder.measure('requests allowed', decided.allowed, 'count');
    recorder.measure('requests denied', decided['denied by alp'], 'count');
    recorder.measure('requests left out, for which the release is known to deviate', set - asked, 'count');
  });
}

type Addresses = Record<(typeof askers)[number] | 'echo', string>;

async function addressesOf(sandbox: Sandbox): Promise<Addresses> {
  const names = [...askers, 'echo'] as const;
  const found = await Promise.all(names.map(async (name) => [name, await sandbox.address(name)] as const));
  return Object.fromEntries(found) as Addresses;
}

/** The questions by who asks on which port, each batch with the marker as its control. */
function batchesOf(
  { questions }: SandboxCase,
  addresses: Addresses,
  sandbox: Sandbox,
  predict: Predict,
  marker: string,
) {
  return askers
    .flatMap((from) => portsOf(from).map((port) => ({ from, port })))
    .map(({ from, port }) => {
      const rows = questions
        .filter((question) => question.from === from && question.port === port)
        .flatMap(({ method, target }): Row[] => {
          const verdict = predict({
            source: { address: addresses[from], port: 40_000, principal: principalOf(sandbox, from) },
            destination: { address: addresses.echo, port: agentPort(port).port },
            http: { method, path: target },
          });
          return verdict === undefined ? [] : [[request(method, target), verdict]];
        });
      return { from, port, rows: [[GET(marker), 'allowed', control] as Row, ...rows] };
    })
    .filter(({ rows }) => rows.length > 1);
}
