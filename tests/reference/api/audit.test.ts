import { expect } from '@playwright/test';
import { type AuditEvent, alsoAsked } from '../../../reference/api/audit.ts';
import { startApiServer } from '../../../reference/api/server.ts';
import { Operations } from '../../../reference/store/operations.ts';
import { test as base, configMap } from './fixture.ts';
import { raw } from './raw.ts';
import { asRobot, makeRobot } from './service-account.ts';

const configMaps = '/api/v1/namespaces/shop/configmaps';

const test = base.extend<{
  audited: { events: AuditEvent[]; server: Awaited<ReturnType<typeof startApiServer>> };
}>({
  audited: async ({ mesh: { store, pods }, certificates }, use) => {
    const events: AuditEvent[] = [];
    const server = await startApiServer({
      store,
      operations: new Operations(store, []),
      pods,
      version: 'v1.34.4',
      certificates,
      audit: (event) => events.push(event),
    });
    await use({ events, server });
    await server.close();
  },
});

test('each request has an event that says who asked for what, and how it ended', async ({
  mesh: { store },
  audited: { events, server },
}) => {
  store.create(configMap('mine'));
  await raw(server, `${configMaps}/mine`, { headers: { 'user-agent': 'tester/1' } });
  await expect.poll(() => events).toHaveLength(1);
  expect(events[0]).toEqual({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    stage: 'ResponseComplete',
    requestURI: `${configMaps}/mine`,
    verb: 'get',
    user: { username: 'reference-admin', groups: ['system:masters', 'system:authenticated'] },
    sourceIPs: ['127.0.0.1'],
    userAgent: 'tester/1',
    objectRef: { resource: 'configmaps', namespace: 'shop', name: 'mine', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: expect.stringMatching(/Z$/),
    stageTimestamp: expect.stringMatching(/Z$/),
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  });
});

test('what is refused has one too, and what was asked besides is in it', async ({
  mesh: { store },
  audited: { events, server },
}) => {
  makeRobot(store, [{ rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] }] }]);
  await asRobot(server, `${configMaps}/new?fieldManager=robot`, {
    method: 'PATCH',
    type: 'application/apply-patch+yaml',
    body: configMap('new'),
  });
  const ofRobot = () => events.filter(({ user }) => user.username === 'system:serviceaccount:shop:robot');
  await expect.poll(ofRobot).toHaveLength(1);
  const [event] = ofRobot();
  expect(event).toMatchObject({ verb: 'patch', responseStatus: { code: 403 } });
  expect(event?.annotations['authorization.k8s.io/decision']).toBe('forbid');
  expect(JSON.parse(event?.annotations[alsoAsked] ?? '')).toEqual([
    {
      anyOf: [{ verb: 'create', objectRef: { resource: 'configmaps', namespace: 'shop', name: 'new' } }],
    },
  ]);
});

test('a watch has its event when it is over', async ({ audited: { events, server } }) => {
  await raw(server, `${configMaps}?watch=true&timeoutSeconds=1`);
  await expect.poll(() => events.map(({ verb }) => verb)).toEqual(['watch']);
});
