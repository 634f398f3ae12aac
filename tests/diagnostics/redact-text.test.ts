import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { redactStrings } from '../../fixtures/diagnostics/redact/object.ts';
import { redactText } from '../../fixtures/diagnostics/redact/text.ts';
import { bare, makeSecrets, type Secrets, signsIn, spiffe } from './secrets.ts';

let secrets: Secrets;
let all: string[];
test.beforeAll(async () => {
  secrets = await makeSecrets();
  all = [
    secrets.certificate,
    secrets.authority,
    ...Object.values(secrets.keys),
    secrets.token,
    secrets.opaque,
  ];
});

const percent = (text: string) => encodeURIComponent(text);
const json = (value: unknown) => JSON.stringify(value);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** How a PEM block may stand in a text. */
const pemForms: [what: string, write: (pem: string) => string][] = [
  ['as it is', (pem) => `found:\n${pem}done`],
  ['indented in YAML', (pem) => `key: |\n${pem.replaceAll(/^/gm, '    ')}\nnext: 1`],
  ['in JSON', (pem) => json({ key: pem, next: 1 })],
  ['in JSON in JSON', (pem) => json({ all: json({ key: pem }) })],
  ['with line ends of Windows', (pem) => pem.replaceAll('\n', '\r\n')],
  ['percent-encoded, as Envoy forwards certificates', (pem) => `By=spiffe://a;Cert="${percent(pem)}";URI=b`],
  ['in base64, as in Secrets and config dumps', (pem) => `inline_bytes: ${base64(pem)}\n`],
  ['without its end', (pem) => `key:\n${pem.split('\n').slice(0, -2).join('\n')}\n`],
  ['without its beginning', (pem) => `${pem.split('\n').slice(1).join('\n')}\nnext line of the log`],
  ['without its marks', (pem) => `key\n${pem.split('\n').slice(1, -2).join('\n')}\n`],
  ['as DER in base64', (pem) => `data: "${bare(pem)}"`],
];

for (const [what, write] of pemForms) {
  test(`nothing is left of keys and certificates ${what}`, () => {
    // An Ed25519 key is one line, and without marks one line of base64; an encrypted one is DER all the same.
    for (const pem of [secrets.certificate, secrets.authority, ...Object.values(secrets.keys)]) {
      const text = write(pem);
      expect(signsIn(text, [pem]), 'what the test itself can see').not.toEqual([]);
      expect(signsIn(redactText(text), [pem]), text.slice(0, 200)).toEqual([]);
    }
  });
}

test('a certificate gives way to whom it names and until when', () => {
  const day = new Date().toISOString().slice(0, 4);
  const words = new RegExp(
    String.raw`^a \[redacted certificate of URI:${spiffe}, valid ${day}-\d\d-\d\d to \d{4}-\d\d-\d\d, sha256 [0-9a-f]{16}\] b$`,
  );
  expect(redactText(`a ${secrets.certificate.trim()} b`)).toMatch(words);
  expect(redactText(`a ${base64(secrets.certificate)} b`)).toMatch(words);
  expect(redactText(`a ${bare(secrets.certificate)} b`)).toMatch(words);
  expect(redactText(secrets.authority)).toContain('certificate of O=cluster.local');
  expect(redactText(secrets.keys.rsa)).toBe('[redacted rsa private key]\n');
});

const credentials: [what: string, write: (secrets: Secrets) => string, becomes: string][] = [
  ['a web token', ({ token }) => `got ${token}, expired`, 'got [redacted token], expired'],
  [
    'one without its signature',
    ({ token }) => `t ${token.split('.').slice(0, 2).join('.')} x`,
    't [redacted token] x',
  ],
  ['a bearer token', ({ opaque }) => `authorization: Bearer ${opaque}`, 'authorization: Bearer [redacted]'],
  [
    'in a header of JSON',
    ({ opaque }) => json({ Authorization: `Basic ${opaque}` }),
    '{"Authorization":"Basic [redacted]"}',
  ],
  ['of a kubeconfig', ({ opaque }) => `user:\n  token: ${opaque}\n`, 'user:\n  token: [redacted]\n'],
  ['client-key-data', ({ opaque }) => `client-key-data: ${opaque}`, 'client-key-data: [redacted]'],
  [
    'a password in quotes',
    () => `password="two words, one 'quoted'" user=me`,
    'password="[redacted]" user=me',
  ],
  [
    'one in JSON in JSON',
    () => json({ config: json({ password: 'a b', user: 'me' }) }),
    json({ config: json({ password: '[redacted]', user: 'me' }) }),
  ],
  [
    'in a URL',
    ({ opaque }) => `https://me:${opaque}@registry:5000/x`,
    'https://me:[redacted]@registry:5000/x',
  ],
  ['in a query', ({ opaque }) => `GET /a?access_token=${opaque}&b=1`, 'GET /a?access_token=[redacted]&b=1'],
  [
    'a name and password for Basic, which may have no digit',
    () => 'authorization: Basic dXNlcjpwYXNz, next',
    'authorization: Basic [redacted], next',
  ],
  ['the same where no name stands before it', () => 'sent Basic dXNlcjpwYXNz', 'sent Basic [redacted]'],
  [
    'a short bearer token in JSON',
    () => '{"authorization":"Bearer abc123"}',
    '{"authorization":"Bearer [redacted]"}',
  ],
  [
    'one of letters alone, as on a command line',
    () => `curl -H 'Authorization: Bearer opensesame' /`,
    "curl -H 'Authorization: Bearer [redacted]' /",
  ],
  [
    'one of many letters anywhere',
    () => `got bearer ${'abcdefghij'.repeat(3)} from it`,
    'got bearer [redacted] from it',
  ],
  ['a password that begins as a variable does', () => 'password=$3cret', 'password=[redacted]'],
  ['a key that begins as a path does', () => 'secret-key: /q9+Zk7bT==', 'secret-key: [redacted]'],
  ['what only a short name tells of', () => 'DB_PASS=opensesame', 'DB_PASS=[redacted]'],
  [
    'of a web key',
    ({ opaque }) => json({ kty: 'EC', d: opaque, x: 'public' }),
    '{"kty":"EC","d":"[redacted]","x":"public"}',
  ],
];

for (const [what, write, becomes] of credentials) {
  test(`taken out: ${what}`, () => {
    expect(redactText(write(secrets))).toBe(becomes);
  });
}

const kept = [
  '[2026-11-29T14:21:28.545Z] "GET /cart HTTP/1.1" 403 UAEX ext_authz_denied - "-" 0 0 0 - "10.244.0.1" "alp-conformance/tlmx1xg890-135" "5e753bb9-afeb-461e-8f1b-0f25c89629f0" "127.0.0.1:39719" "-" inbound|8080|| - 10.244.2.11:8080 10.244.0.1:0 outbound_.80_._.frontend.default.svc.cluster.local default',
  `By=${spiffe};Hash=3a1f0c5d9e8b7a6f3a1f0c5d9e8b7a6f3a1f0c5d9e8b7a6f3a1f0c5d9e8b7a6f;Subject="";URI=${spiffe}`,
  'image: docker.io/istio/proxyv2@sha256:3a1f0c5d9e8b7a6f3a1f0c5d9e8b7a6f3a1f0c5d9e8b7a6f3a1f0c5d9e8b7a6f',
  'serviceAccountToken:\n  audience: istio-ca\n  expirationSeconds: 43200\n  path: istio-token\n',
  'secretName: istio-ca-secret',
  'tokenPath: /var/run/secrets/tokens/istio-token',
  'token: /var/run/secrets/tokens/istio-token',
  "token: '/var/run/secrets/tokens/istio-token: no such file or directory'",
  `password=$(DB_PASSWORD) token=\${TOKEN}`,
  'Bearer token missing',
  'Basic authentication-required by the proxy',
  'authorization: Bearer',
  'bypass: on\nPWD=work',
  `principal: ${spiffe}`,
  'the basic authentication of a bearer is no concern here',
  'Selector: app == "frontend" && projectcalico.org/name == "default"',
  '-----\n---\nkind: GlobalNetworkPolicy\n',
];

for (const text of kept) {
  test(`kept: ${text.slice(0, 60).replaceAll('\n', ' ')}`, () => {
    expect(redactText(text)).toBe(text);
  });
}

test('wherever a secret stands, nothing of it is left, and data keep their shape', () => {
  const word = fc.constantFrom(
    'GET',
    '/cart',
    'a',
    ':',
    '=',
    '403',
    '"',
    "'",
    '{',
    '}',
    '\\',
    'token',
    '--',
    'MII',
    'eyJ',
    '%',
  );
  const around = fc
    .array(fc.oneof(word, fc.string({ maxLength: 8 })), { maxLength: 12 })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(around, fc.nat(), fc.nat(), around, (before, which, form, after) => {
      const pems = [secrets.certificate, ...Object.values(secrets.keys)];
      const pem = pems[which % pems.length] as string;
      const [, write] = pemForms[form % 2 === 0 ? 0 : 2] as (typeof pemForms)[0];
      const text = `${before}\n${write(pem)}\n${after}`;
      expect(signsIn(redactText(text), [pem])).toEqual([]);
      const value = { before, nested: [{ pem, token: secrets.token }], after };
      const redacted = redactStrings(value) as typeof value;
      expect(Object.keys(redacted)).toEqual(Object.keys(value));
      expect(signsIn(json(redacted), [pem, secrets.token])).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('done twice it is as done once', () => {
  const part = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.nat().map((n) => all[n % all.length] as string),
    fc.constantFrom('password: ', 'token=', 'Bearer ', '"private_key":"', '\n'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const once = redactText(parts.join(''));
      expect(redactText(once)).toBe(once);
    }),
    { numRuns: 500 },
  );
});

test('a megabyte takes no longer than reading it is worth', () => {
  // What could make a pattern go over the same again and again: beginnings that never end.
  const hostile = ['-----BEGIN A', '-----BEGIN CERTIFICATE-----\n', 'MIIA', 'password=', '"', 'eyJaaaaaaaa.'];
  for (const piece of hostile) {
    const began = performance.now();
    redactText(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - began, `${piece} over and over`).toBeLessThan(10_000);
  }
});
