import { expect, test } from '@playwright/test';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { podSecurity, violationsOf } from '../../../reference/admission/pod-security.ts';
import { resourceTypes } from '../../../reference/store/resource-types.ts';
import { Store } from '../../../reference/store/store.ts';

const sound = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

function pod(security: object, more: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'shop' },
    spec: { containers: [{ name: 'app', securityContext: { ...sound, ...security } }], ...more },
  };
}

const rows: [what: string, pod: KubeObject, baseline: string[], restricted: string[]][] = [
  ['a sound pod', pod({}), [], []],
  [
    'a CSI volume, an empty directory, and a secret',
    pod(
      {},
      {
        volumes: [
          { name: 'a', csi: { driver: 'csi.tigera.io' } },
          { name: 'b', emptyDir: {} },
          { name: 'c', secret: {} },
        ],
      },
    ),
    [],
    [],
  ],
  [
    'a directory of the node',
    pod({}, { volumes: [{ name: 'a', hostPath: { path: '/' } }] }),
    ['hostPath volumes (volume "a")'],
    ['hostPath volumes (volume "a")', 'restricted volume types (volume "a" uses a restricted volume type)'],
  ],
  [
    'the network of the node',
    pod({}, { hostNetwork: true }),
    ['host namespaces (hostNetwork=true)'],
    ['host namespaces (hostNetwork=true)'],
  ],
  ['a low port', pod({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }), [], []],
  [
    'an init container that sets up the network',
    pod(
      {},
      {
        initContainers: [
          {
            name: 'init',
            securityContext: { ...sound, capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] } },
          },
        ],
      },
    ),
    [
      'non-default capabilities (container "init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)',
    ],
    [
      'unrestricted capabilities (container "init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)',
    ],
  ],
  [
    'root',
    pod({ runAsNonRoot: false, runAsUser: 0 }),
    [],
    [
      'runAsNonRoot != true (container "app" must not set securityContext.runAsNonRoot=false)',
      'runAsUser=0 (container "app" must not set runAsUser=0)',
    ],
  ],
  [
    'nothing said of users and system calls',
    pod({ runAsNonRoot: undefined, seccompProfile: undefined }),
    [],
    [
      'runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)',
      'seccompProfile (pod or container "app" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ],
  ],
  [
    'the same, said for the whole pod',
    pod(
      { runAsNonRoot: undefined, seccompProfile: undefined },
      { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Localhost' } } },
    ),
    [],
    [],
  ],
];

for (const [what, object, baseline, restricted] of rows) {
  test(`pod security: ${what}`, () => {
    expect(violationsOf(object, 'baseline')).toEqual(baseline);
    expect(violationsOf(object, 'restricted')).toEqual(restricted);
    expect(violationsOf(object, 'privileged')).toEqual([]);
  });
}

test("a pod is refused by its namespace's label, in the words of a real API server", () => {
  const store = new Store(resourceTypes);
  for (const [name, level] of [
    ['shop', 'restricted'],
    ['free', undefined],
  ] as const) {
    const labels = level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level };
    store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }
  const admit = (namespace: string) => {
    const object = pod({ runAsUser: 0 });
    podSecurity(store).validate?.({
      operation: 'CREATE',
      type: store.typeOf('v1', 'Pod')!,
      object: { ...object, metadata: { ...object.metadata, namespace } },
      dryRun: false,
      fieldValidation: 'Strict',
    });
  };
  expect(() => admit('free')).not.toThrow();
  expect(() => admit('shop')).toThrow(
    'pods "app" is forbidden: violates PodSecurity "restricted:latest": runAsUser=0 (container "app" must not set runAsUser=0)',
  );
});
