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

/** kind's name for the context of a cluster. */
export function contextOf(cluster: string): string {
  return `kind-${cluster}`;
}
