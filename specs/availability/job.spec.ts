import { completed, finish, jobBesideDikastes, readyPodOf } from '../../fixtures/sandbox/job.ts';
import { expect, requirement } from '../../fixtures/test.ts';

requirement('AVL-07', async ({ cluster, run, sandbox, policy }) => {
  const job = { name: 'once', namespace: sandbox.mesh };
  await policy.make(await jobBesideDikastes(cluster, run, job));
  const pod = await readyPodOf(cluster, job);
  expect(await finish(cluster, pod), 'the answer of Dikastes to POST /terminate').toBe(200);
  await expect(completed(cluster, job), 'the Job whose work is done').resolves.toBe(true);
});
