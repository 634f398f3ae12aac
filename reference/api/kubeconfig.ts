import { rmSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

/** How to reach an API server and who to be there; the last three are PEM. */
export interface Access {
  url: string;
  ca: string;
  clientCertificate: string;
  clientKey: string;
}

/**
 * Writes a kubeconfig with one context, which is also the current one, and all keys embedded. The file is for
 * its owner alone, as it holds a private key; one that is already there is replaced.
 */
export function writeKubeconfig(
  file: string,
  { url, ca, clientCertificate, clientKey }: Access,
  contextName: string,
): void {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: contextName, cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
    users: [
      {
        name: contextName,
        user: {
          'client-certificate-data': base64(clientCertificate),
          'client-key-data': base64(clientKey),
        },
      },
    ],
    contexts: [{ name: contextName, context: { cluster: contextName, user: contextName } }],
    'current-context': contextName,
  };
  // A mode is only given to a new file, and flag 'w' would keep that of an old one.
  rmSync(file, { force: true });
  writeFileSync(file, stringify(config), { mode: 0o600 });
}

function base64(pem: string): string {
  return Buffer.from(pem).toString('base64');
}
