import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { ResourceType } from '../../store/resource-type.ts';
import { resourceTypes } from '../../store/resource-types.ts';
import { timestamp } from '../../store/store.ts';

/** How the kinds of `projectcalico.org/v3` are served: as custom resources, or by Calico's own API server. */
export type CalicoApi = 'native crds' | 'api server';

const calicoGroup = 'projectcalico.org';

/** The definitions of Istio's and Calico's kinds, and how Calico's API is served. */
export function definitions(calicoApi: CalicoApi): KubeObject[] {
  const istio = resourceTypes.filter(({ group }) => group.endsWith('.istio.io'));
  const calico = resourceTypes.filter(({ group }) => group === calicoGroup);
  // Behind its API server Calico keeps what it stores in custom resources of another group.
  const stored = calico.map((type) =>
    calicoApi === 'native crds' ? type : { ...type, group: `crd.${calicoGroup}`, versions: ['v1'] },
  );
  return [...[...istio, ...stored].map(customResourceDefinition), apiService(calicoApi)];
}

function customResourceDefinition(type: ResourceType): KubeObject {
  const { group, kind, plural, singular, shortNames, namespaced, versions } = type;
  const names = { plural, singular, kind, listKind: `${kind}List`, shortNames };
  const times = { lastTransitionTime: timestamp() };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      })),
    },
    status: {
      acceptedNames: names,
      storedVersions: versions.slice(0, 1),
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', ...times },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', ...times },
      ],
    },
  };
}

function apiService(calicoApi: CalicoApi): KubeObject {
  const local = calicoApi === 'native crds';
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name: `v3.${calicoGroup}`,
      ...(local && { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } }),
    },
    spec: {
      group: calicoGroup,
      version: 'v3',
      groupPriorityMinimum: local ? 1000 : 1500,
      versionPriority: local ? 100 : 200,
      ...(!local && { service: { name: 'calico-api', namespace: 'calico-apiserver', port: 443 } }),
    },
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: local ? 'Local' : 'Passed',
          lastTransitionTime: timestamp(),
        },
      ],
    },
  };
}
