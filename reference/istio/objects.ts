import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { rootNamespace } from './names.ts';
import { gatewayObjects } from './objects/gateway.ts';
import { injectorObjects } from './objects/injector.ts';
import { istiodObjects } from './objects/istiod.ts';

export interface IstioObjectsOptions {
  /** Where the nodes serve the gateway's port 80; chosen by the cluster when absent. */
  httpNodePort?: number;
  /** Of the mesh's authority, as PEM. */
  rootCertificate?: string;
  shape?: IstioShape;
}

/** How Istio was installed, where that is not `istioctl install` alone. */
export interface IstioShape {
  /** `--revision`: nothing is asked for by default labels unless a tag `default` is there. */
  revision?: string;
  /** Tags that lead to that revision, or to the default one. */
  tags?: readonly string[];
  /** Whether its CNI plugin redirects traffic, in place of an init container that needs NET_ADMIN. */
  cni?: boolean;
}

/**
 * What `istioctl install` with the default profile leaves in a cluster, as far as anything here looks at it, in an
 * order in which it can be created.
 *
 * @param version such as `1.28.10`; the tag of all images.
 */
export function istioObjects(version: string, options: IstioObjectsOptions = {}): KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: rootNamespace } },
    ...injectorObjects(version, options.shape),
    ...istiodObjects(version, options.rootCertificate ?? '', options.shape?.revision),
    ...gatewayObjects(version, options.httpNodePort),
  ];
}
