import type { Permission } from '../../scripts/permissions/permission.ts';

interface Excuse {
  of: (permission: Permission) => boolean;
  /** Why it is granted although no run on a reference mesh has asked for it. */
  why: string;
}

const inSandboxes = new Set([
  'configmaps',
  'deployments',
  'secrets',
  'serviceaccounts',
  'services',
  'telemetries',
  'virtualservices',
]);

/** What is granted, and not seen in use here. */
export const excuses: readonly Excuse[] = [
  {
    of: ({ verb }) => verb === 'watch',
    why: 'Whatever is listed by a wait is watched where the first look does not end it, which is a matter of time (fixtures/cluster/watch.ts).',
  },
  {
    of: ({ resource, verb, namespace }) =>
      inSandboxes.has(resource) && namespace === undefined && (verb === 'delete' || verb === 'list'),
    why: 'What is in a sandbox is deleted, and waited for, while its namespace goes; on the reference mesh it is gone at once.',
  },
  {
    of: ({ resource, verb }) => resource.includes('staged') && verb === 'list',
    why: 'A staged policy is waited for when it is put back after a kill; the runs here are killed with others in force.',
  },
  {
    of: ({ verb, resource, subresource }) =>
      verb === 'create' && resource === 'pods' && subresource === 'exec',
    why: 'From Kubernetes 1.35 on; the reference mesh says that it is 1.34 (tests/reference/api/authorization.test.ts asks a newer one).',
  },
  {
    of: ({ resource }) => resource === 'ippools' || resource.endsWith('adminnetworkpolicies'),
    why: 'Asked only where it is served (scripts/targets/checks/foreign-policies.ts), which it is not here.',
  },
  {
    of: ({ resource, verb }) => resource === 'events' || (resource === 'daemonsets' && verb === 'get'),
    why: 'For a gateway that is a DaemonSet (fixtures/cluster/rollout.ts).',
  },
  {
    of: ({ resource, name }) => resource === 'sidecars' && name === 'default',
    why: 'For a mesh whose root namespace has a Sidecar (fixtures/injector/placement.ts).',
  },
];
