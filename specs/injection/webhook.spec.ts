import { type LabelSelector, selects } from '../../fixtures/cluster/label-selector.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { podsOf } from '../../fixtures/sandbox/pod.ts';
import { expect, requirement } from '../../fixtures/test.ts';

interface Webhook {
  name: string;
  clientConfig: { service?: { name: string } };
  failurePolicy?: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  rules?: { resources?: string[]; operations?: string[] }[];
}

requirement('INST-11', async ({ cluster, sandbox }) => {
  const configurations = await cluster.list({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
  });
  const namespace = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: sandbox.mesh });
  const labels = namespace.metadata.labels ?? {};
  const asked = configurations
    .flatMap((configuration) => (configuration as KubeObject & { webhooks?: Webhook[] }).webhooks ?? [])
    .filter(({ clientConfig }) => clientConfig.service?.name.startsWith('istiod'))
    .filter(({ namespaceSelector = {} }) => selects(namespaceSelector, labels))
    // A pod like any other, with no wish of its own.
    .filter(({ objectSelector = {} }) => selects(objectSelector, { app: 'any' }));
  expect(
    asked.map(({ name, failurePolicy, rules }) => ({
      name,
      failurePolicy: failurePolicy ?? 'Fail',
      asksForNewPods: rules?.some(
        ({ resources, operations }) => resources?.includes('pods') && operations?.includes('CREATE'),
      ),
    })),
    `webhooks of istiod for pods of ${sandbox.mesh}`,
  ).toEqual([{ name: expect.any(String), failurePolicy: 'Fail', asksForNewPods: true }]);
});

requirement('INST-12', async ({ cluster, sandbox, shop }) => {
  const pods = [...(await shop.pods()), ...(await podsOf(cluster, sandbox.mesh, 'app in (echo, client)'))];
  const nodes = new Map(
    (await cluster.list({ apiVersion: 'v1', kind: 'Node' })).map((node) => [node.metadata.name, node]),
  );
  expect(pods, 'pods that policy is enforced on').not.toHaveLength(0);
  for (const { metadata, spec } of pods) {
    const node = nodes.get((spec as { nodeName: string }).nodeName);
    expect(node?.metadata.labels?.['kubernetes.io/os'], `system of the node of ${metadata.name}`).toBe(
      'linux',
    );
    expect(
      metadata.annotations?.['ambient.istio.io/redirection'],
      `whether ambient mode takes the traffic of ${metadata.name}`,
    ).toBeUndefined();
  }
});
