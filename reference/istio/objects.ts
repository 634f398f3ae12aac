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
    ...injectorObjects(version),
    ...istiodObjects(version, options.rootCertificate ?? ''),
    ...gatewayObjects(version, options.httpNodePort),
  ];
}
