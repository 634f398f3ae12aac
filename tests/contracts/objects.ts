import type { V1ConfigMap, V1Deployment, V1Pod } from '@kubernetes/client-node';

/** What the tests create: as little as a person would type, and in the namespace of whoever applies it. */

export function configMap(name: string, data: Record<string, string>): V1ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** A pod whose containers, one for each name, only have to run. */
export function idlePod(name: string, ...containers: string[]): V1Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: containers.map((container) => ({ name: container, image: 'redis:8' })),
    },
  };
}

/**
 * A pod of the suite's agent, which answers and sends requests.
 *
 * @param options.injected whether it gets a sidecar, in whatever namespace it is.
 */
export function agentPod(name: string, { injected = false } = {}): V1Pod {
  const labels = { app: name, ...(injected && { 'sidecar.istio.io/inject': 'true' }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'agent',
          image: 'node:24-alpine',
          command: ['node', '/agent/agent.ts', 'serve', '--port', '8080'],
        },
      ],
    },
  };
}

export function idleDeployment(name: string, { image = 'redis:8', replicas = 1 } = {}): V1Deployment {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image }] },
      },
    },
  };
}
