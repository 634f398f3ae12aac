import type { RuleSpec } from '../../../../reference/calico/policy.ts';
import { addresses, allow, deny, home, opened, policy } from '../world.ts';
import { but, type Row } from './row.ts';

const of = (...ingress: RuleSpec[]) => [policy({ order: 10, ingress })];
const host = (pod: string) => [`${addresses[pod]}/32`];
const tcp = { protocol: 'TCP' };
const [alice, bob] = ['ma/alice /', 'ma/bob /'];
const get = { methods: ['GET'] };

/** extended.md, section 2. */
export const portsAndNets: Row[] = [
  {
    row: 'L34-03',
    objects: of(allow({ ...tcp, destination: { ports: ['web'] }, http: home })),
    asks: { [alice]: but('allowed', 'denied'), 'ma/alice /b': 'denied', 'ma/alice :8081/': 'dropped' },
  },
  {
    row: 'L34-03b',
    objects: of(allow({ ...tcp, destination: { ports: ['web'] } })),
    asks: { [alice]: but('allowed', 'denied') },
  },
  {
    row: 'L34-03c',
    objects: of(deny({ ...tcp, destination: { ports: ['web'] } }), allow()),
    asks: { [alice]: but('dropped', 'leaks'), 'ma/alice :8081/': 'allowed' },
  },
  {
    row: 'L34-03d',
    objects: of(allow({ ...tcp, destination: { ports: ['web', 8080] }, http: home })),
    asks: { [alice]: 'allowed', 'ma/alice /b': 'denied' },
  },
  {
    row: 'L34-03e',
    objects: of(allow({ ...tcp, destination: { notPorts: ['web'] } })),
    asks: { [alice]: but('dropped', 'leaks') },
  },
  {
    row: 'L34-01a',
    objects: of(
      allow({ ...tcp, source: { nets: host('ma/alice') }, destination: { ports: [8080] }, http: home }),
    ),
    asks: { [alice]: 'allowed', 'ma/alice /b': 'denied', [bob]: 'dropped' },
  },
  {
    row: 'L34-01b',
    objects: of(allow({ ...tcp, destination: { ports: [80] }, http: home })),
    asks: { [alice]: 'dropped' },
  },
  {
    row: 'L34-01c',
    objects: of(allow({ destination: { nets: host('srv/echo') }, http: home })),
    asks: { [alice]: 'allowed' },
  },
  {
    row: 'L34-01d',
    objects: of(allow({ destination: { nets: ['10.96.0.7/32'] }, http: home })),
    asks: { [alice]: 'dropped' },
  },
  {
    row: 'L34-01e',
    objects: of(allow({ ...tcp, destination: { ports: ['8000:8080'] }, http: home })),
    asks: { [alice]: 'allowed', 'ma/alice :8081/': 'dropped' },
  },
  {
    row: 'L34-01f',
    objects: of(allow({ source: { selector: "app == 'alice'", namespaceSelector: 'all()' }, http: home })),
    asks: { [alice]: 'allowed', [bob]: 'dropped' },
  },
  {
    row: 'L34-01g',
    objects: of(allow({ ...tcp, source: { ports: ['1024:65535'] }, http: home })),
    asks: { [alice]: 'allowed' },
  },
  {
    row: 'L34-02a',
    objects: of(allow({ source: { notNets: host('ma/bob') }, http: home })),
    asks: { [alice]: 'allowed', [bob]: 'dropped' },
  },
  {
    row: 'L34-02b',
    objects: of(allow({ ...tcp, destination: { notPorts: [8081] }, http: get })),
    asks: { [alice]: 'allowed', 'ma/alice :8081/': 'dropped' },
  },
  {
    row: 'L34-02c',
    objects: of(allow({ source: { notSelector: "app == 'bob'" }, http: home })),
    asks: { [alice]: 'allowed', [bob]: 'dropped' },
  },
  ...[{ notProtocol: 'UDP' }, { protocol: 6 }, { destination: { notNets: ['10.96.0.7/32'] } }].map(
    (rule) => ({
      row: `L34-02d/e/f ${Object.keys(rule)}`,
      objects: of(allow({ ...rule, http: home })),
      asks: { [alice]: 'allowed' as const, 'ma/alice /b': 'denied' as const },
    }),
  ),
  {
    row: 'L34-02g',
    objects: of(
      allow({ ...tcp, source: { notNets: host('ma/bob') }, destination: { notPorts: [8081] }, http: get }),
      opened,
    ),
    asks: { [alice]: 'allowed', 'ma/alice :8081/': 'denied', [bob]: 'denied' },
  },
  {
    row: 'protocol UDP',
    objects: of(allow({ protocol: 'UDP' })),
    asks: { [alice]: 'dropped' },
  },
  {
    row: 'HTTP-19 only an HTTP rule',
    objects: of(allow({ http: get })),
    asks: { 'ma/alice tcp :9001': but('denied', 'allowed') },
  },
  {
    row: 'HTTP-19 with the port',
    objects: of(allow({ ...tcp, destination: { ports: [8080] }, http: get })),
    asks: { 'ma/alice tcp :9001': 'dropped', [alice]: 'allowed' },
  },
  {
    row: 'HTTP-19 a TCP rule',
    objects: of(allow({ ...tcp, destination: { ports: [9001] } })),
    asks: { 'ma/alice tcp :9001': 'allowed', 'ma/alice tcp :9002': 'dropped' },
  },
  {
    row: 'host',
    objects: of(allow({ http: home })),
    asks: { 'host /': 'allowed', 'host /b': 'denied' },
  },
  {
    row: 'host under deny: exempt at L4 only',
    objects: [policy({ types: ['Ingress'] })],
    asks: { 'host /': 'denied', [alice]: 'dropped' },
  },
];
