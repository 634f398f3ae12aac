import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Wire } from '../../fixtures/dikastes/protocol/wire.ts';
import type { Workload } from '../../fixtures/policy-case/model.ts';
import { Random } from './random.ts';

/** Objects of a small cluster, and the pod in it that is looked at. */
export interface Scenario {
  objects: KubeObject[];
  workload: Workload;
}

const namespaces = ['red', 'blue', 'green'];
const accounts = ['alice', 'bob', 'default'];
const portNames = ['web', 'admin', 'dns'];
/** The first of each is everything, and nothing is left without it. */
const nets4 = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '192.0.2.7/32', '198.51.100.0/24'];
const nets6 = ['::/0', 'fd00::/64', 'fd00:0:0:1::/64', '2001:db8::1/128'];
const keys = ['app', 'role', 'env', 'tier.io/x'];
const values = ['a', 'b', 'front-end', 'x_y.z', ''];

/**
 * A scenario for the translator, the same for the same seed: whatever clause a policy may have, on pods and sets of
 * every sort, with ties, shadows and selectors that cannot be read.
 */
export function scenario(seed: number, wire: Wire): Scenario {
  const random = new Random(seed);
  const make = new Maker(random, wire);
  const pods = random.some(() => make.pod(), 2, 6);
  const workload = make.asked();
  const tiers = make.tiers();
  const objects = [
    ...namespaces.map((name) => make.namespace(name)),
    ...make.accounts(),
    workload,
    ...pods,
    ...random.some(() => make.networkSet(), 0, 3),
    ...tiers,
    ...random.some(() => make.policy(tiers), 0, 6),
    ...random.some(() => make.kubernetesPolicy(), 0, 2),
    ...(random.chance(0.1) ? [make.hostPolicy()] : []),
  ];
  return { objects, workload: { namespace: 'red', name: workload.metadata.name } };
}

class Maker {
  private readonly random: Random;
  private readonly wire: Wire;
  private made = 0;

  constructor(random: Random, wire: Wire) {
    this.random = random;
    this.wire = wire;
  }

  namespace(name: string): KubeObject {
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...this.labels() } };
  }

  accounts(): KubeObject[] {
    const { random } = this;
    return namespaces.flatMap((namespace) =>
      accounts
        // A pod's account may be gone.
        .filter(() => random.chance(0.9))
        .map((name) => ({
          apiVersion: 'v1',
          kind: 'ServiceAccount',
          metadata: { name, namespace, ...this.labels() },
        })),
    );
  }

  asked(): KubeObject {
    return this.podWith('red', this.address());
  }

  pod(): KubeObject {
    const { random } = this;
    const pod = this.podWith(random.one(namespaces), random.chance(0.9) ? this.address() : undefined);
    if (random.chance(0.1)) (pod.spec as { hostNetwork?: boolean }).hostNetwork = true;
    if (random.chance(0.1)) (pod.status as { phase?: string }).phase = random.one(['Succeeded', 'Failed']);
    return pod;
  }

  networkSet(): KubeObject {
    const { random } = this;
    const global = random.chance(0.5);
    return {
      apiVersion: 'projectcalico.org/v3',
      kind: global ? 'GlobalNetworkSet' : 'NetworkSet',
      metadata: {
        name: this.name('set'),
        ...(!global && { namespace: random.one(namespaces) }),
        ...this.labels(),
      },
      spec: { nets: random.some([...nets4, ...nets6, '192.0.2.7'], 0, 3) },
    };
  }

  tiers(): KubeObject[] {
    const { random } = this;
    return random.some(['early', 'early2', 'late'], 0, 3).map((name) => ({
      apiVersion: 'projectcalico.org/v3',
      kind: 'Tier',
      metadata: { name },
      spec: {
        ...random.maybe(0.8, () => ({ order: random.one([100, 100, 5, 2_000_000]) })),
        ...random.maybe(0.6, () => ({ defaultAction: random.one(['Pass', 'Deny']) })),
      },
    }));
  }

  policy(tiers: readonly KubeObject[]): KubeObject {
    const { random } = this;
    const staged = random.chance(0.12);
    const namespace = random.chance(0.45) ? random.one(['red', 'red', 'blue']) : undefined;
    const tier = random.chance(0.4) && tiers.length > 0 ? random.one(tiers).metadata.name : 'default';
    const name = this.name(random.one(['a', 'm', 'z']));
    const kind = namespace === undefined ? 'GlobalNetworkPolicy' : 'NetworkPolicy';
    const gone = staged && random.chance(0.2);
    return {
      apiVersion: 'projectcalico.org/v3',
      kind: staged ? `Staged${kind}` : kind,
      metadata: {
        name: tier === 'default' ? name : `${tier}.${name}`,
        ...(namespace !== undefined && { namespace }),
      },
      spec: {
        ...(tier !== 'default' || random.chance(0.3) ? { tier } : {}),
        ...(gone ? { stagedAction: 'Delete' } : this.policySpec(namespace, staged)),
      },
    };
  }

  private policySpec(namespace: string | undefined, staged: boolean): object {
    const { random } = this;
    return {
      ...random.maybe(0.8, () => ({ order: random.one([10, 10, 10, 20, 1000, 0.5, -1]) })),
      ...random.maybe(0.75, () => ({ selector: this.selector(0.35) })),
      ...(namespace === undefined && random.maybe(0.3, () => ({ namespaceSelector: this.selector(0.5) }))),
      ...random.maybe(0.2, () => ({ serviceAccountSelector: this.selector(0.5) })),
      ...random.maybe(0.6, () => ({ types: random.one([['Ingress'], ['Egress'], ['Ingress', 'Egress']]) })),
      ...random.maybe(0.8, () => ({ ingress: random.some(() => this.rule('ingress'), 0, 3) })),
      ...random.maybe(0.25, () => ({ egress: random.some(() => this.rule('egress'), 0, 2) })),
      ...random.maybe(0.05, () => ({ performanceHints: ['AssumeNeededOnEveryNode'] })),
      ...(staged && random.maybe(0.2, () => ({ stagedAction: 'Set' }))),
    };
  }

  /** One that is for hosts alone, though its selector selects everything. */
  hostPolicy(): KubeObject {
    return {
      apiVersion: 'projectcalico.org/v3',
      kind: 'GlobalNetworkPolicy',
      metadata: { name: this.name('host') },
      spec: {
        types: ['Ingress'],
        applyOnForward: true,
        ...this.random.one([{ doNotTrack: true }, { preDNAT: true }]),
        ingress: [{ action: 'Deny' }],
      },
    };
  }

  kubernetesPolicy(): KubeObject {
    const { random } = this;
    const staged = random.chance(0.15);
    const peers = () => random.some(() => this.peer(), 0, 2);
    const ports = () =>
      random.some(
        () => ({
          ...random.maybe(0.7, () => ({ protocol: random.one(['TCP', 'UDP', 'SCTP']) })),
          ...random.one([
            { port: 80 },
            { port: 81 },
            { port: 82 },
            { port: 90, endPort: 95 },
            { port: 'web' },
            {},
          ]),
        }),
        0,
        4,
      );
    return {
      apiVersion: staged ? 'projectcalico.org/v3' : 'networking.k8s.io/v1',
      kind: staged ? 'StagedKubernetesNetworkPolicy' : 'NetworkPolicy',
      metadata: { name: this.name('k'), namespace: random.one(['red', 'red', 'blue']) },
      spec: {
        podSelector: this.labelSelector(0.5),
        ...random.maybe(0.7, () => ({
          policyTypes: random.one([['Ingress'], ['Egress'], ['Ingress', 'Egress']]),
        })),
        ingress: random.some(() => ({ from: peers(), ports: ports() }), 0, 2),
        egress: random.some(() => ({ to: peers(), ports: ports() }), 0, 1),
      },
    };
  }

  private rule(direction: 'ingress' | 'egress'): object {
    const { random } = this;
    const action = random.one(['Allow', 'Allow', 'Deny', 'Log', 'Pass']);
    const protocol = random.one<string | number | undefined>([
      ...['TCP', 'TCP', 'TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6'],
      ...[6, 17, 132],
      ...[undefined, undefined, undefined],
    ]);
    const isIcmp = protocol === 'ICMP' || protocol === 'ICMPv6';
    const context = { protocol, nets: isIcmp ? [] : random.one([nets4, nets6]) };
    const mayBeHttp =
      direction === 'ingress' && action === 'Allow' && (protocol === 'TCP' || protocol === undefined);
    return {
      action,
      ...(protocol !== undefined && { protocol }),
      ...(protocol === undefined && random.maybe(0.1, () => ({ notProtocol: random.one(['UDP', 6]) }))),
      ...(isIcmp && random.maybe(0.6, () => ({ icmp: random.one([{ type: 8 }, { type: 8, code: 0 }]) }))),
      ...(isIcmp && random.maybe(0.2, () => ({ notICMP: random.one([{ type: 3 }, { type: 3, code: 1 }]) }))),
      ...random.maybe(0.7, () => ({ source: this.entity(context) })),
      ...random.maybe(0.5, () => ({ destination: this.entity(context) })),
      ...(mayBeHttp && random.maybe(0.6, () => ({ http: this.http() }))),
      ...random.maybe(0.05, () => ({ metadata: { annotations: { note: 'x', snake_case: 'y' } } })),
    };
  }

  private entity({
    protocol,
    nets,
  }: {
    protocol: string | number | undefined;
    nets: readonly string[];
  }): object {
    const { random } = this;
    const ports = () =>
      random.some(protocol === undefined ? portNames : [80, '80', 8080, '8000:8080', ...portNames], 1, 3);
    // From 3.32 on a rule may name ports without a protocol.
    const withPorts =
      protocol === undefined ? this.wire === '3.32' : protocol !== 'ICMP' && protocol !== 'ICMPv6';
    return {
      ...random.maybe(0.35, () => ({ selector: this.selector(0.3) })),
      ...random.maybe(0.15, () => ({ notSelector: this.selector(0.3) })),
      ...random.maybe(0.25, () => ({
        namespaceSelector: random.chance(0.3) ? random.one(['all()', 'global()']) : this.selector(0.3),
      })),
      ...random.maybe(0.25, () => ({
        serviceAccounts: {
          ...random.maybe(0.6, () => ({ names: random.some(accounts, 1, 2) })),
          ...random.maybe(0.5, () => ({ selector: this.selector(0.3) })),
        },
      })),
      ...(nets.length > 0 && random.maybe(0.25, () => ({ nets: random.some(nets, 1, 2) }))),
      ...(nets.length > 0 && random.maybe(0.2, () => ({ notNets: random.some(nets.slice(1), 1, 2) }))),
      ...(withPorts && random.maybe(0.4, () => ({ ports: ports() }))),
      ...(withPorts && random.maybe(0.15, () => ({ notPorts: ports() }))),
    };
  }

  private http(): object {
    const { random } = this;
    return {
      ...random.maybe(0.7, () => ({ methods: random.some(['GET', 'POST', 'HEAD', '*'], 1, 2) })),
      ...random.maybe(0.7, () => ({
        paths: random.some(
          () => random.one([{ exact: '/' }, { exact: '/a' }, { prefix: '/p' }, { prefix: '/p/q/' }]),
          1,
          2,
        ),
      })),
    };
  }

  /** @param everything how likely it is to select all there is. */
  private selector(everything: number): string {
    const { random } = this;
    if (random.chance(0.02)) return random.one(['app ==', 'app = "a"', 'has(app']);
    if (random.chance(everything))
      return random.one(['all()', ' all( ) ', '!!all()', 'has(app) || !has(app)']);
    const terms = random.some(() => this.term(), 1, 3);
    return terms.reduce((left, right) =>
      random.one([
        `${left} && ${right}`,
        `${left} || ${right}`,
        `(${left}) && ${right}`,
        `!(${left}) || (${right})`,
      ]),
    );
  }

  private term(): string {
    const { random } = this;
    const key = random.one(keys);
    const quote = (value: string) =>
      value.includes("'") ? `"${value}"` : random.one([`'${value}'`, `"${value}"`]);
    const value = () => quote(random.one([...values, "it's"]));
    return random.one([
      () => `${key} == ${value()}`,
      () => `${key}!=${value()}`,
      () => `has(${key})`,
      () => `!has( ${key} )`,
      () => `${key} in { ${random.some(value, 0, 3).join(', ')} }`,
      () => `${key} not in {${random.some(value, 1, 3).join(',')}}`,
      () => `${key} contains ${value()}`,
      () => `${key} starts with ${quote('fr')}`,
      () => `${key} ends  with ${quote('end')}`,
      () => `projectcalico.org/name == '${random.one([...namespaces, ...accounts])}'`,
      () => `projectcalico.org/namespace == '${random.one(namespaces)}'`,
      () => `! ${key} == ${value()}`,
    ])();
  }

  private peer(): object {
    const { random } = this;
    return random.one([
      () => ({ podSelector: this.labelSelector(0.3) }),
      () => ({ namespaceSelector: this.labelSelector(0.3) }),
      () => ({ podSelector: this.labelSelector(0.3), namespaceSelector: this.labelSelector(0.3) }),
      () => ({
        ipBlock: {
          cidr: '10.0.0.0/8',
          ...random.maybe(0.5, () => ({ except: ['10.1.0.0/16', '10.2.3.4/16'] })),
        },
      }),
    ])();
  }

  private labelSelector(everything: number): object {
    const { random } = this;
    if (random.chance(everything)) return {};
    return {
      ...random.maybe(0.6, () => ({
        matchLabels: Object.fromEntries(random.some(keys, 1, 2).map((key) => [key, random.one(['a', 'b'])])),
      })),
      ...random.maybe(0.4, () => ({
        matchExpressions: [
          random.one([
            { key: random.one(keys), operator: 'In', values: ['a', 'b'] },
            { key: random.one(keys), operator: 'NotIn', values: ['b'] },
            { key: random.one(keys), operator: 'Exists' },
            { key: random.one(keys), operator: 'DoesNotExist' },
          ]),
        ],
      })),
    };
  }

  private podWith(namespace: string, address: string | undefined): KubeObject {
    const { random } = this;
    const name = this.name('pod');
    const { labels = {} } = this.labels();
    // Labels that would lie of where the pod is.
    if (random.chance(0.1)) Object.assign(labels, { 'pcns.app': 'a', 'projectcalico.org/namespace': 'blue' });
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        nodeName: 'node',
        serviceAccountName: random.one(accounts),
        containers: random.some(() => this.container(), 1, 2),
      },
      status: {
        phase: 'Running',
        ...(address !== undefined && { podIP: address }),
        ...(address !== undefined &&
          random.maybe(0.2, () => ({ podIPs: [{ ip: address }, { ip: `fd00::${this.made}` }] }))),
      },
    };
  }

  private container(): object {
    const { random } = this;
    const ports = random.some(portNames, 0, 2).map((name) => ({
      name,
      containerPort: random.one([80, 8080, 53]),
      ...random.maybe(0.5, () => ({ protocol: random.one(['TCP', 'UDP']) })),
    }));
    return {
      name: this.name('c'),
      image: 'x',
      ports: random.chance(0.2) ? [...ports, { containerPort: 9 }] : ports,
    };
  }

  private labels(): { labels?: Record<string, string> } {
    const { random } = this;
    return random.chance(0.1)
      ? {}
      : { labels: Object.fromEntries(random.some(keys, 0, 3).map((key) => [key, random.one(values)])) };
  }

  private address(): string {
    return `10.${this.random.below(3)}.0.${this.made + 1}`;
  }

  private name(stem: string): string {
    this.made += 1;
    return `${stem}${this.made}`;
  }
}
