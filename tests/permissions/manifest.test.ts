import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Document, isMap, isSeq, parseAllDocuments } from 'yaml';
import { agentNames, agents } from '../../fixtures/sandbox/agents.ts';
import { lateWorkload } from '../../fixtures/sandbox/late-workload.ts';
import { account, fileOf, objectsOf, parts } from '../../scripts/permissions/manifest.ts';
import { permissionsIn } from '../../scripts/permissions/permission.ts';

const root = join(import.meta.dirname, '..', '..');

for (const part of parts) {
  test(`${part}: every role is bound to the suite's account, and to nobody else`, () => {
    const objects = objectsOf(part);
    const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
    const bindings = objects.filter(({ kind }) => kind.endsWith('Binding'));
    const subject = { kind: 'ServiceAccount', ...account };
    expect(bindings).toEqual(
      roles.map(({ kind, metadata }) => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name },
        subjects: [subject],
      })),
    );
  });

  test(`${part}: every rule says what it is for`, () => {
    const documents = parseAllDocuments(readFileSync(join(root, fileOf(part)), 'utf8')) as Document[];
    for (const document of documents) {
      const rules = document.get('rules');
      if (!isSeq(rules)) continue;
      rules.items.forEach((rule, index) => {
        // The comment before the first rule is the list's.
        const comment = index === 0 ? rules.commentBefore : isMap(rule) && rule.commentBefore;
        expect(comment, `rule ${index} of ${document.getIn(['metadata', 'name'])}`).toBeTruthy();
      });
    }
  });

  test(`${part}: nothing is granted by a wildcard, and no right to grant`, () => {
    for (const permission of permissionsIn(objectsOf(part))) {
      expect(Object.values(permission)).not.toContain('*');
      expect(permission.group).not.toBe('rbac.authorization.k8s.io');
      expect(['escalate', 'bind', 'impersonate', 'deletecollection']).not.toContain(permission.verb);
    }
  });
}

test('nothing but a person’s own wish shows a secret', () => {
  const shown = parts.filter((part) =>
    permissionsIn(objectsOf(part)).some(({ resource }) => resource === 'secrets'),
  );
  expect(shown).toEqual(['pull-secret', 'mesh-ca']);
});

test('a gateway may be waited for wherever it is', () => {
  const waits = permissionsIn(objectsOf('alp-conformance')).filter(
    ({ resource, verb }) =>
      ['deployments', 'daemonsets', 'replicasets', 'pods', 'events'].includes(resource) && verb === 'watch',
  );
  expect(waits.map(({ resource }) => resource).sort()).toEqual([
    'daemonsets',
    'deployments',
    'events',
    'pods',
    'replicasets',
  ]);
  for (const { name, namespace } of waits) expect({ name, namespace }).toEqual({});
});

test('the agents are granted by the names they have', () => {
  const granted = permissionsIn(objectsOf('alp-conformance'));
  const names = (resource: string, verb: string, namespace?: string) =>
    granted
      .filter((one) => one.resource === resource && one.verb === verb && one.namespace === namespace)
      .map(({ name }) => name)
      .sort();
  expect(names('deployments', 'create')).toEqual([...agentNames, lateWorkload].sort());
  const accounts = new Set(Object.values(agents).map(({ serviceAccount }) => serviceAccount));
  expect(names('serviceaccounts', 'create')).toEqual([...accounts].sort());
});
