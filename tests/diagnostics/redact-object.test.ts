import { expect, test } from '@playwright/test';
import { redactObject, redactStrings } from '../../fixtures/diagnostics/redact/object.ts';
import { makeSecrets, type Secrets, signsIn, spiffe } from './secrets.ts';

let secrets: Secrets;
test.beforeAll(async () => {
  secrets = await makeSecrets();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

test('of a Secret the keys and sizes of its data are left', () => {
  const data = { 'tls.key': base64(secrets.keys.rsa), short: base64('abc') };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'cacerts',
      annotations: { [lastApplied]: JSON.stringify({ data }), team: 'red' },
      managedFields: [{ manager: 'kubectl' }],
    },
    type: 'kubernetes.io/tls',
    data,
    stringData: { more: 'clear text' },
  };
  expect(redactObject(secret)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cacerts', annotations: { team: 'red' } },
    type: 'kubernetes.io/tls',
    data: { 'tls.key': `[redacted ${secrets.keys.rsa.length} bytes]`, short: '[redacted 3 bytes]' },
    stringData: { more: '[redacted 10 bytes]' },
  });
  // Also where it is an item of a list.
  expect(signsIn(JSON.stringify(redactObject({ items: [secret] })), [secrets.keys.rsa])).toEqual([]);
});

test('environment variables that hold tokens lose their values, and others keep them', () => {
  const env = [
    { name: 'GITHUB_TOKEN', value: secrets.opaque },
    { name: 'DB_PASSWORD', value: '1' },
    { name: 'SMTP_PASS', value: 'a' },
    { name: 'MYSQL_PWD', value: 'a' },
    { name: 'PGPASS', value: 'a' },
    { name: 'PWD', value: '/srv' },
    { name: 'BYPASS', value: 'on' },
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'API_TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } },
  ];
  expect(redactObject({ spec: { containers: [{ env }] } })).toEqual({
    spec: {
      containers: [
        {
          env: [
            { name: 'GITHUB_TOKEN', value: '[redacted]' },
            { name: 'DB_PASSWORD', value: '[redacted]' },
            { name: 'SMTP_PASS', value: '[redacted]' },
            { name: 'MYSQL_PWD', value: '[redacted]' },
            { name: 'PGPASS', value: '[redacted]' },
            { name: 'PWD', value: '/srv' },
            { name: 'BYPASS', value: 'on' },
            { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
            { name: 'API_TOKEN', valueFrom: { secretKeyRef: { name: 'api', key: 'token' } } },
          ],
        },
      ],
    },
  });
});

test('a list of values is named as its field is', () => {
  const headers = {
    authorization: ['Basic dXNlcjpwYXNz', 'Bearer abc123'],
    token: [{ audience: 'istio-ca' }],
    accept: ['*/*'],
  };
  expect(redactObject({ request: { headers } })).toEqual({
    request: { headers: { ...headers, authorization: ['[redacted]', '[redacted]'] } },
  });
});

test('what tells of tokens and policies without being a secret stays', () => {
  const kept = {
    spec: {
      volumes: [
        { projected: { sources: [{ serviceAccountToken: { audience: 'istio-ca', path: 'istio-token' } }] } },
        { secret: { secretName: 'cacerts', optional: true } },
      ],
      selector: "app == 'frontend'",
      ingress: [{ action: 'Allow', http: { methods: ['GET'], paths: [{ exact: '/' }] } }],
      automountServiceAccountToken: false,
    },
  };
  expect(redactObject(kept)).toEqual(kept);
});

test("a webhook's bundle gives way to the certificates in it", () => {
  const caBundle = base64(`${secrets.authority}\n${secrets.certificate}\n`);
  const { clientConfig } = redactObject({ clientConfig: { caBundle } }) as {
    clientConfig: { caBundle: string };
  };
  expect(clientConfig.caBundle).toMatch(
    new RegExp(
      `^\\[redacted certificate of O=cluster.local,.*\\] \\[redacted certificate of URI:${spiffe},.*\\]$`,
    ),
  );
});

/** The parts of Envoy's configuration that hold keys, as it writes them out and as EnvoyFilters write them. */
test("of Envoy's configuration keys go, chains are named, and the names of files stay", () => {
  const chain = { inline_bytes: base64(secrets.certificate) };
  const dump = {
    tls_certificate: {
      certificate_chain: chain,
      private_key: { inline_bytes: base64(secrets.keys.pkcs8) },
      password: { inline_string: 'of the key' },
    },
    validation_context: {
      trusted_ca: { filename: '/var/run/secrets/istio/root-cert.pem' },
      crl: { inline_string: 'a list' },
    },
    session_ticket_keys: { keys: [{ inline_string: secrets.opaque }, { filename: '/etc/ticket' }] },
    generic_secret: { secret: { inline_string: secrets.opaque } },
    tlsCertificate: {
      certificateChain: { inlineString: secrets.certificate },
      privateKey: { inlineString: secrets.keys.sec1 },
    },
    local_reply: { body: { inline_string: 'not found' } },
    http_filters: [{ name: 'envoy.filters.http.ext_authz' }],
  };
  const named = expect.stringContaining(`certificate of URI:${spiffe}`);
  expect(redactObject(dump)).toEqual({
    tls_certificate: {
      certificate_chain: { inline_bytes: named },
      private_key: { inline_bytes: '[redacted private key]' },
      password: { inline_string: '[redacted]' },
    },
    validation_context: {
      trusted_ca: { filename: '/var/run/secrets/istio/root-cert.pem' },
      crl: { inline_string: '[redacted]' },
    },
    session_ticket_keys: { keys: [{ inline_string: '[redacted]' }, { filename: '/etc/ticket' }] },
    generic_secret: { secret: { inline_string: '[redacted]' } },
    tlsCertificate: {
      certificateChain: { inlineString: '[redacted]' },
      privateKey: { inlineString: '[redacted]' },
    },
    local_reply: { body: { inline_string: 'not found' } },
    http_filters: [{ name: 'envoy.filters.http.ext_authz' }],
  });
});

test('a kubeconfig in a ConfigMap has its credentials taken out of the text', () => {
  const kubeconfig = [
    'users:',
    '- name: calico',
    '  user:',
    `    client-key-data: ${base64(secrets.keys.rsa)}`,
    `    token: ${secrets.token}`,
    `    password: ${secrets.opaque}`,
    '    tokenFile: /var/run/secrets/token',
    '',
  ].join('\n');
  const { data } = redactStrings({ kind: 'ConfigMap', data: { kubeconfig } }) as {
    data: { kubeconfig: string };
  };
  expect(data.kubeconfig.split('\n')).toEqual([
    'users:',
    '- name: calico',
    '  user:',
    expect.stringMatching(/^ {4}client-key-data: \[redacted/),
    '    token: [redacted token]',
    '    password: [redacted]',
    '    tokenFile: /var/run/secrets/token',
    '',
  ]);
});
