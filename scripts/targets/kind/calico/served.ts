import type { KubeObject } from '../../../../fixtures/cluster/objects.ts';
import { serverCertificate } from '../certificate.ts';

/** A server of Calico's that the API server calls, and that the manifests leave without a certificate. */
interface Served {
  deployment: string;
  namespace: string;
  /** Its Service. */
  service: string;
  secret: string;
  type: string;
  files: { cert: string; key: string };
  /** The object that says how it is called, with the authority that vouches for it. */
  called: (object: KubeObject, caBundle: string) => KubeObject;
}

const served: readonly Served[] = [
  {
    // As its documentation says: operations/install-apiserver.
    deployment: 'calico-apiserver',
    namespace: 'calico-apiserver',
    service: 'calico-api',
    secret: 'calico-apiserver-certs',
    type: 'Opaque',
    files: { cert: 'apiserver.crt', key: 'apiserver.key' },
    called: (object, caBundle) =>
      object.kind === 'APIService' ? { ...object, spec: { ...(object.spec as object), caBundle } } : object,
  },
  {
    // As the manifest itself says, above the webhook.
    deployment: 'calico-webhooks',
    namespace: 'kube-system',
    service: 'calico-webhooks',
    secret: 'calico-webhooks-tls',
    type: 'kubernetes.io/tls',
    files: { cert: 'tls.crt', key: 'tls.key' },
    called: (object, caBundle) =>
      object.kind === 'ValidatingWebhookConfiguration' && object.metadata.name === 'calico-webhooks'
        ? { ...object, webhooks: (object.webhooks as Webhook[]).map((each) => trusting(each, caBundle)) }
        : object,
  },
];

interface Webhook {
  clientConfig: object;
}

function trusting(webhook: Webhook, caBundle: string): Webhook {
  return { ...webhook, clientConfig: { ...webhook.clientConfig, caBundle } };
}

/** The objects of Calico's manifests, with certificates for those of its servers that are among them. */
export async function withCertificates(objects: readonly KubeObject[]): Promise<KubeObject[]> {
  let all = [...objects];
  for (const server of served) {
    const { deployment, namespace, service, secret, type, files, called } = server;
    const isThere = all.some(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment);
    if (!isThere) continue;
    const host = `${service}.${namespace}.svc`;
    const { cert, key } = await serverCertificate([host, `${host}.cluster.local`]);
    all = [
      ...all.map((object) => called(object, base64(cert))),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: secret, namespace },
        type,
        data: { [files.cert]: base64(cert), [files.key]: base64(key) },
      },
    ];
  }
  return all;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
