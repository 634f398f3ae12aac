import { deny, openTransport } from '../../fixtures/policies/rules.ts';
import { control, expect, GET, requirement } from '../../fixtures/test.ts';

requirement('ORD-08', async ({ policy, sandbox }) => {
  const [client, other] = [await sandbox.route('client', 'echo'), await sandbox.route('other', 'echo')];
  await policy.enforce([openTransport], { order: 1 });
  await policy.make({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: policy.name('kubernetes'), namespace: sandbox.mesh },
    spec: {
      podSelector: { matchLabels: { app: 'echo' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: 'client' } } }],
          ports: [{ protocol: 'TCP', port: 8080 }],
        },
      ],
    },
  });
  await expect(client).toDecide([[GET('/'), 'allowed', control]]);
  await expect(other).toDecide([[GET('/'), 'denied by alp']]);
  const denial = await policy.enforce([deny()], { order: 999 });
  await expect(client).toDecide([[GET('/'), 'denied by alp']]);
  await policy.replace(denial, { ...(denial.spec as object), order: 1001 });
  await expect(client).toDecide([[GET('/'), 'allowed']]);
});
