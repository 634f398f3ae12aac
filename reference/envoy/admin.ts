import type { Envoy } from './envoy.ts';

interface Section {
  '@type': string;
  [field: string]: unknown;
}

const message = (name: string) => `type.googleapis.com/envoy.admin.v3.${name}`;
/** What Envoy shows of a private key: "[redacted]", as bytes (envoy `MessageUtil::redact`). */
const hiddenKey = Buffer.from('[redacted]').toString('base64');

/**
 * A page of Envoy's admin interface, with as much as there is to it here; undefined when there is no such page.
 *
 * @param target with its query: `config_dump?resource=dynamic_listeners`.
 */
export function adminPage(proxy: Envoy, target: string): string | undefined {
  const { pathname, searchParams } = new URL(target, 'http://admin/');
  switch (pathname) {
    case '/config_dump':
      return JSON.stringify({ configs: configsOf(proxy, searchParams.get('resource')) }, null, 1);
    case '/clusters':
      return proxy.clusters.map(clusterLines).join('\n');
    case '/stats':
      return statLines(proxy).join('\n');
    case '/ready':
      return 'LIVE';
    case '/server_info':
      return JSON.stringify({
        state: 'LIVE',
        version: 'embedded reference mesh',
        node: { id: proxy.pod },
      });
    default:
      return undefined;
  }
}

/** All sections; of one resource, its items, each with its type (envoy `source/server/admin/config_dump_handler.cc`). */
function configsOf(proxy: Envoy, resource: string | null): object[] {
  const { dependencies, context } = proxy;
  const sections = [
    { '@type': message('BootstrapConfigDump'), bootstrap: { node: { id: proxy.pod } } },
    ...dependencies.istiod.configDump(context.pod),
    secretsOf(proxy),
  ] as Section[];
  if (resource === null) return sections;
  return sections.flatMap((section) => {
    const items = section[resource];
    if (!Array.isArray(items)) return [];
    const item = resource.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const type = `${section['@type']}.${item.replace(/s$/, '')}`;
    return items.map((one: object) => ({ '@type': type, ...one }));
  });
}

/** The chain is shown and the key is not, as by Envoy. */
function secretsOf({ identity: { cert, trust } }: Envoy): Section {
  const inline = (pem: string) => ({ inline_bytes: Buffer.from(pem).toString('base64') });
  const secret = (name: string, content: object) => ({
    name,
    secret: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
      name,
      ...content,
    },
  });
  return {
    '@type': message('SecretsConfigDump'),
    dynamic_active_secrets: [
      secret('default', {
        tls_certificate: { certificate_chain: inline(cert), private_key: { inline_bytes: hiddenKey } },
      }),
      secret('ROOTCA', { validation_context: { trusted_ca: inline(trust) } }),
    ],
  };
}

/** As envoy `source/server/admin/clusters_handler.cc` writes hosts. */
function clusterLines({ cluster, hosts }: Envoy['clusters'][number]): string {
  return [
    `${cluster}::added_via_api::true`,
    ...hosts.map((host) => `${cluster}::${host}::health_flags::healthy`),
  ].join('\n');
}

function statLines({ dependencies, counters }: Envoy): string[] {
  return [
    ...[...counters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}: ${value}`),
    `server.concurrency: ${dependencies.workers ?? 2}`,
    'server.live: 1',
  ];
}
