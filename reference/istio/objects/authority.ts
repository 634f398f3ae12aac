import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { rootNamespace } from '../names.ts';

/** Where istiod keeps the authority that it made for itself (istio `security/pkg/pki/ca/ca.go`); both as PEM. */
export function authoritySecret(certificate: string, key: string): KubeObject {
  const files = { 'ca-cert.pem': certificate, 'ca-key.pem': key, 'cert-chain.pem': '', 'root-cert.pem': '' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'istio-ca-secret', namespace: rootNamespace },
    type: 'istio.io/ca-root',
    data: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString('base64')]),
    ),
  };
}
