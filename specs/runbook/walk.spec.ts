import { containersOf } from '../../fixtures/cluster/pods.ts';
import { stepAnnotation, stepAttachment } from '../../fixtures/marks.ts';
import { forwardedIdentity } from '../../fixtures/probes/identity.ts';
import { learn, loadFacts } from '../../fixtures/run.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { shopNamespace } from '../../fixtures/shop/shop.ts';
import { expect, GET, requirement, test } from '../../fixtures/test.ts';
import { runbook } from '../../scripts/runbook/index.ts';
import type { Step } from '../../scripts/runbook/step.ts';
import { take, Walk } from '../../scripts/runbook/walk.ts';

// The tutorial in its own order, with what can only be seen before a step proven right before it.
for (const step of runbook) {
  if (step.title === 'PeerAuthentication') provePermissive();
  if (step.title === 'Automatic sidecar injection') rememberFrontend();
  walk(step);
}

function walk(step: Step): void {
  test(
    step.title,
    { tag: '@runbook', annotation: [{ type: stepAnnotation, description: step.title }] },
    async ({ cluster, run }, info) => {
      test.setTimeout(900_000);
      const { failed } = loadFacts(run);
      // biome-ignore lint/suspicious/noSkippedTests: the report must tell a step that failed from those never tried.
      test.skip(failed !== undefined, `the step "${failed?.title}" failed before it`);
      const began = performance.now();
      const result = await take(step, cluster, run);
      const body = JSON.stringify({
        title: step.title,
        result,
        durationMs: Math.round(performance.now() - began),
      });
      await info.attach(stepAttachment, { body, contentType: 'application/json' });
    },
  );
}

function provePermissive(): void {
  requirement('MTLS-01', async ({ cluster, run }) => {
    const { failed } = loadFacts(run);
    if (failed !== undefined) throw new Error(`not run: the step "${failed.title}" failed before it`);
    const witness = await new Walk(cluster, run, 'witness of the mesh').witness();
    await expect(await witness.route('plain', 'echo')).toDecide([[GET('/'), 'allowed']]);
    await expect(await witness.route('client', 'echo')).toDecide([[GET('/'), 'allowed']]);
    // The server's sidecar forwards the client's certificate only when there was one: that is mutual TLS.
    const echo = await witness.route('client', 'echo');
    expect(await forwardedIdentity(echo), 'the client identity that the mesh forwards').toContain(
      'spiffe://',
    );
  });
}

function rememberFrontend(): void {
  test('The front end before it is restarted', { tag: '@runbook' }, async ({ cluster, run }) => {
    const pods = await podsOf(cluster, shopNamespace, 'app=frontend');
    learn(run, {
      frontendBefore: pods.map((pod) => ({
        pod: pod.metadata.name,
        containers: containersOf(pod).map(({ name }) => name),
      })),
    });
  });
}
