import type { Cluster } from '../../fixtures/cluster/client.ts';
import { Guest } from '../../fixtures/guest/guest.ts';
import { type DecideOptions, decide, type Row } from '../../fixtures/probes/decide.ts';
import type { Route } from '../../fixtures/probes/route.ts';
import { journalOf, learn, loadFacts, type MeshFacts, type Run } from '../../fixtures/run.ts';
import { openWitness } from '../../fixtures/sandbox/open.ts';
import type { Sandbox } from '../../fixtures/sandbox/sandbox.ts';
import type { Step } from './step.ts';

/** A walk through the runbook: the cluster, what is known of it, and the guest that changes it. */
export class Walk {
  readonly cluster: Cluster;
  readonly run: Run;
  readonly guest: Guest;

  constructor(cluster: Cluster, run: Run, group: string) {
    this.cluster = cluster;
    this.run = run;
    this.guest = new Guest(cluster, journalOf(run), run.id, group);
  }

  get facts(): MeshFacts {
    return loadFacts(this.run);
  }

  learn(facts: Partial<MeshFacts>): void {
    learn(this.run, facts);
  }

  /** Sees what the mesh does to everyone. */
  async witness(): Promise<Sandbox> {
    return openWitness(this.cluster, this.run);
  }

  /** Waits until a batch comes to its verdicts. */
  async awaitVerdicts(route: Route, rows: readonly Row[], options: DecideOptions = {}): Promise<void> {
    const { ok, edges, elapsedMs } = await decide(route, rows, { withinMs: 30_000, ...options });
    if (ok) return;
    const wrong = edges.filter((edge) => !edge.ok);
    const told = wrong.map(
      ({ probe, expected, seen, evidence }) =>
        `${probe} is ${seen}, not ${expected.join(' or ')} (${evidence.join('; ')})`,
    );
    throw new Error(`after ${Math.round(elapsedMs / 1000)} s ${told.join(', ')}`);
  }
}

/** Takes one step: looks whether it is there, does it if not, and waits for its effect either way. */
export async function take(step: Step, cluster: Cluster, run: Run): Promise<'applied' | 'present'> {
  const walk = new Walk(cluster, run, step.title);
  try {
    const present = await step.present(walk);
    if (!present) await step.apply(walk);
    await step.verify(walk);
    walk.learn({ done: [...walk.facts.done.filter((title) => title !== step.title), step.title] });
    return present ? 'present' : 'applied';
  } catch (error) {
    walk.learn({
      failed: { title: step.title, cause: error instanceof Error ? error.message : String(error) },
    });
    throw error;
  }
}
