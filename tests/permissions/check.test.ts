import { expect } from '@playwright/test';
import { Cluster } from '../../fixtures/cluster/client.ts';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { defaultRoles } from '../../reference/cluster/fresh/default-roles.ts';
import type { Store } from '../../reference/store/store.ts';
import { grant } from '../../scripts/permissions/grant.ts';
import type { Part } from '../../scripts/permissions/manifest.ts';
import { sentenceOf } from '../../scripts/targets/checks/check.ts';
import { judgePermissions } from '../../scripts/targets/checks/permissions.ts';
import { test as base } from '../reference/api/fixture.ts';

const needs = { shopDeployed: true };
const group = 'rbac.authorization.k8s.io';

interface Guest {
  /** Grants parts to the suite's account, and gives back its client. */
  guest: (...parts: Part[]) => Promise<Cluster>;
}

const test = base.extend<Guest>({
  guest: async ({ mesh: { store, config } }, use, info) => {
    for (const object of [...defaultRoles(), ...['default', 'istio-system', 'kube-system'].map(namespace)]) {
      store.create(object);
    }
    const clusters: Cluster[] = [];
    await use(async (...parts) => {
      const access = { kubeconfig: info.outputPath('guest'), context: 'guest' };
      await grant(config, parts, access, new AbortController().signal);
      const cluster = Cluster.connect(loadKubeConfig(access));
      clusters.push(cluster);
      return cluster;
    });
    for (const cluster of clusters) await cluster.close();
  },
});

function namespace(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** Takes verbs away from the ClusterRole, where it names a resource. */
function withhold(store: Store, resource: string, verbs: readonly string[]): void {
  store.change(`ClusterRole.${group}`, 'alp-conformance', undefined, (draft) => {
    draft.rules = (draft.rules as { resources: string[]; verbs: string[] }[]).map((rule) =>
      rule.resources.includes(resource)
        ? { ...rule, verbs: rule.verbs.filter((verb) => !verbs.includes(verb)) }
        : rule,
    );
  });
}

async function told(cluster: Cluster, of: Parameters<typeof judgePermissions>[1] = needs, istio = true) {
  const finding = await judgePermissions(cluster, of, istio);
  return `${finding.verdict}: ${sentenceOf(finding)}`;
}

test('what the manifest grants is enough for its own check', async ({ guest }) => {
  expect(await told(await guest('alp-conformance'))).toBe('fit: This context may do all that a run needs.');
});

test('an administrator is asked one question alone', async ({ mesh: { cluster } }) => {
  expect(await told(cluster, needs, false)).toBe('fit: This context may do everything.');
});

test('what is missing is named, and the manifest that grants it', async ({ mesh: { store }, guest }) => {
  const cluster = await guest('alp-conformance');
  withhold(store, 'pods/exec', ['create']);
  withhold(store, 'tier.globalnetworkpolicies', ['update', 'delete']);
  expect(await told(cluster)).toMatch(
    /^unfit: This context may not create pods\/exec; update and delete tier\.globalnetworkpolicies\.projectcalico\.org; .+: have an administrator apply scripts\/permissions\/alp-conformance\.yaml and use the context of its ServiceAccount/,
  );
});

test("the shop, a pull secret and the mesh's key have manifests of their own", async ({ guest }) => {
  const cluster = await guest('alp-conformance');
  expect(await told(cluster, { shopDeployed: false })).toMatch(
    /^unfit: This context may not create, patch and delete deployments\.apps adservice in default; .+apply scripts\/permissions\/online-boutique\.yaml and/,
  );
  expect(await told(cluster, { shopDeployed: true, pullSecret: 'registry/login' })).toMatch(
    /^unfit: This context may not get, list, watch, create, patch and delete secrets alp-conformance-pull; get secrets login in registry: .+apply scripts\/permissions\/pull-secret\.yaml and/,
  );
  expect(await told(cluster, { ...needs, meshCa: true })).toMatch(
    /^unfit: This context may not get secrets cacerts in istio-system; get secrets istio-ca-secret in istio-system: .+apply scripts\/permissions\/mesh-ca\.yaml and/,
  );
});

test('a revision has ConfigMaps of its own, which an administrator has to name', async ({ guest }) => {
  const cluster = await guest('alp-conformance');
  expect(await told(cluster, { ...needs, revision: 'canary' })).toMatch(
    /^unfit: This context may not get configmaps istio-canary in istio-system; get and patch configmaps istio-sidecar-injector-canary in istio-system: .+, with the ConfigMaps of revision canary in it/,
  );
});

test('whoever is no administrator cannot install Istio', async ({ guest }) => {
  expect(await told(await guest('alp-conformance'), needs, false)).toBe(
    "unfit: The cluster has no Istio, and this context may not do all that installing it takes, which is everything: install Istio yourself, or use an administrator's context.",
  );
});
