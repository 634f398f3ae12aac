import { expect, test } from '@playwright/test';
import { normalisedPath } from '../../../reference/calico/path.ts';
import { calicoRules as rules } from '../../../reference/rules/calico.ts';
import { allow, policy, statusAtFrontend } from './world.ts';

/** The form in which a path is compared; undefined matches nothing. */
const paths: [raw: string, normalised: string | undefined][] = [
  ['/', '/'],
  ['//', '/'],
  ['/./', '/'],
  ['/%2F', '/'],
  ['/foo', '/foo'],
  ['/foo/', '/foo'],
  ['/foo/.', '/foo'],
  ['//foo', '/foo'],
  ['/foo/../bar', '/bar'],
  ['/foo/%2e%2E/bar', '/bar'],
  ['/foo%2F..%2fbar', '/bar'],
  ['/foo/..;/bar', '/bar'],
  ['/foo;v=1/bar;w', '/foo/bar'],
  ['/foo\\..\\bar', '/bar'],
  ['/foo%5c..%5Cbar', '/bar'],
  ['/../../foo', '/foo'],
  ['/foo?bar#baz', '/foo'],
  ['/foo#bar?baz', '/foo'],
  ['/foo%3Fbar', '/foo?bar'],
  ['/%66oo', '/foo'],
  ['/FOO', '/FOO'],
  ['/%252e', undefined],
  ['/%252F', undefined],
  ['/%255c', undefined],
  ['/%25', '/%'],
  ['/%', undefined],
  ['/%4', undefined],
  ['/%zz', undefined],
  ['/%00', undefined],
  ['/a\0', undefined],
  ['%2Ffoo', '/foo'],
  ['\\foo', '/foo'],
  ['foo', undefined],
  ['*', undefined],
  ['', undefined],
  ['?x', undefined],
];

test('the form in which paths are compared', () => {
  expect(paths.map(([raw]) => [raw, normalisedPath(raw)])).toEqual(paths);
});

test('characters beyond ASCII are the same written out and encoded', () => {
  expect(normalisedPath('/caf\u00e9')).toBe(normalisedPath('/caf%C3%A9'));
  // Bytes that are no text are no reason to stop.
  expect(normalisedPath('/%ff/..')).toBe('/');
});

test('prefixes end where segments do', () => {
  const matches = (prefix: string, path: string) => rules.prefixPathMatches(prefix, path);
  expect(matches('/pub', '/pub')).toBe(true);
  expect(matches('/pub', '/pub/')).toBe(true);
  expect(matches('/pub', '/pub/x')).toBe(true);
  expect(matches('/pub/', '/pub')).toBe(true);
  expect(matches('/pub', '/public')).toBe(false);
  expect(matches('/pub', '/pub/../x')).toBe(false);
  expect(matches('/', '/anything')).toBe(true);
  expect(matches('/', '*')).toBe(false);
  expect(matches('pub', '/pub')).toBe(false);
});

test('a path that is none ends the evaluation only where methods match and paths are named', () => {
  const matches = (methods: string[], paths: { exact: string }[]) =>
    rules.httpMatches({ methods, paths }, { method: 'OPTIONS', path: '*' }, rules);
  expect(matches([], [{ exact: '/' }])).toBe('invalid');
  expect(matches(['GET'], [{ exact: '/' }])).toBe(false);
  expect(matches([], [])).toBe(true);
});

test('a path that is none ends the evaluation also in a rule for another protocol', () => {
  const ask = (rest: Parameters<typeof allow>[0]) =>
    statusAtFrontend(
      [policy({ selector: 'all()', ingress: [allow({ ...rest, http: { paths: [{ exact: '/' }] } })] })],
      { method: 'OPTIONS', path: '*' },
      rules,
    );
  expect(ask({ protocol: 'UDP' })).toBe('INVALID_ARGUMENT');
  expect(ask({ protocol: 'UDP', source: { nets: ['192.0.2.1/32'] } })).toBe('PERMISSION_DENIED');
});

test('nets', () => {
  expect(rules.netMatches('10.0.2.0/24', '10.0.2.255')).toBe(true);
  expect(rules.netMatches('10.0.2.0/24', '10.0.3.0')).toBe(false);
  expect(rules.netMatches('10.0.2.1', '10.0.2.1')).toBe(true);
  expect(rules.netMatches('0.0.0.0/0', '10.0.2.1')).toBe(true);
  expect(rules.netMatches('fd00::/8', 'fd12::1')).toBe(true);
  expect(rules.netMatches('::/0', '10.0.2.1')).toBe(false);
  expect(rules.netMatches('0.0.0.0/0', '::ffff:10.0.2.1')).toBe(false);
  expect(rules.netMatches('no net', '10.0.2.1')).toBe(false);
});

test('principals', () => {
  expect(rules.principalOf('')).toEqual({ kind: 'absent' });
  expect(rules.principalOf('spiffe://any.domain/ns/a/sa/b')).toEqual({
    kind: 'service account',
    namespace: 'a',
    name: 'b',
  });
  for (const uri of ['spiffe://d/ns/a/sa/b/c', 'spiffe://d/ns/a', 'CN=b', 'xspiffe://d/ns/a/sa/b']) {
    expect(rules.principalOf(uri), uri).toEqual({ kind: 'unidentified' });
  }
});

test('tiers go by order, then by name', () => {
  const tiers = [{ name: 'z', order: 1 }, { name: 'late' }, { name: 'b', order: 2 }, { name: 'a', order: 2 }];
  expect(tiers.toSorted((one, other) => rules.compareTiers(one, other)).map(({ name }) => name)).toEqual([
    'z',
    'a',
    'b',
    'late',
  ]);
});

test('only TCP is TCP', () => {
  expect(['TCP', 'tcp', 6, '6'].map((protocol) => rules.protocolMatches(protocol))).not.toContain(false);
  expect(['UDP', 17, 'ICMP', 'SCTP', 66].map((protocol) => rules.protocolMatches(protocol))).not.toContain(
    true,
  );
});
