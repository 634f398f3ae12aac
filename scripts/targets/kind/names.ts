import type { Lane } from '../../lanes/lane.ts';

/** A cluster's name: its run's own, or one for each lane where it stays for later runs. */
export function clusterName({ run, lane, keep }: { run: string; lane: Pick<Lane, 'name'>; keep: boolean }) {
  return `alp-${keep ? lane.name : run}`;
}

/** kind's variable for the network that nodes are on, which all clusters share where it is not set. */
export const networkVariable = 'KIND_EXPERIMENTAL_DOCKER_NETWORK';

/**
 * The network of a cluster's nodes, which nothing else is on, so that it can be removed with them; none when a person
 * has named one, where their registry may be.
 */
export function networkOf(cluster: string, env: NodeJS.ProcessEnv = process.env): { network?: string } {
  return env[networkVariable] === undefined ? { network: cluster } : {};
}

/** kind's name for the context of a cluster, in which its maker may do everything. */
export function contextOf(cluster: string): string {
  return `kind-${cluster}`;
}

/** The context that a run goes by, in which it may do what `scripts/permissions` says. */
export function runContextOf(cluster: string): string {
  return `alp-conformance@${contextOf(cluster)}`;
}

/** The file in a run's folder with that context. */
export const runKubeconfig = 'kubeconfig.run';
