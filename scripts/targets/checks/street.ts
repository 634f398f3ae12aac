import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Question, Workload } from '../../../fixtures/policy-case/model.ts';
import { namespace, pod, serviceAccount } from '../../../fixtures/policy-case/objects.ts';
import { agents, namespaceAt, placeLabel } from '../../../fixtures/sandbox/agents.ts';
import { echoPort } from '../../../fixtures/sandbox/ports.ts';

/** A connection that a run takes for granted while it has made no policy. */
export interface Crossing {
  /** To be read after "denies". */
  what: string;
  workload: Workload;
  question: Question;
  /** Whether it ends in a sandbox. */
  inSandbox: boolean;
}

const mesh = 'alp-sandbox';
const names = ['echo', 'client', 'plain'] as const;

/**
 * A sandbox as a run will make it, and the front end as it is or will be: as an oracle sees them.
 *
 * @param cidr of a pool that pods have their addresses from.
 * @param frontend a pod of the front end, where there is one.
 */
export function inhabitants({
  cidr = '192.0.2.0/24',
  frontend,
}: {
  cidr?: string | undefined;
  frontend?: KubeObject | undefined;
}): KubeObject[] {
  const sandbox = names.flatMap((name, index) => {
    const { place, serviceAccount: account } = agents[name];
    const where = namespaceAt(place, mesh);
    return [
      namespace(where, { [placeLabel]: place }),
      serviceAccount(where, account, { role: name }),
      pod(where, name, {
        labels: { app: name },
        serviceAccount: account,
        addresses: [addressIn(cidr, index + 1)],
        ports: { http: echoPort },
      }),
    ];
  });
  const shop =
    frontend ??
    pod('default', 'frontend', {
      labels: { app: 'frontend' },
      addresses: [addressIn(cidr, names.length + 1)],
    });
  return [...sandbox, namespace('default'), shop];
}

/** The connections among them. */
export function crossings(street: readonly KubeObject[]): Crossing[] {
  const frontend = street.find(({ kind, metadata }) => kind === 'Pod' && metadata.namespace === 'default');
  const podOf = (name: (typeof names)[number]) =>
    street.find(
      ({ kind, metadata }) => kind === 'Pod' && metadata.name === name && metadata.namespace !== 'default',
    );
  const [echo, client, plain] = names.map(podOf);
  return [
    crossing(client, echo, "what a sandbox's pods ask of one another"),
    crossing(plain, echo, "what a pod outside the mesh asks of a sandbox's"),
    crossing(client, frontend, "what a sandbox's pods ask of the front end"),
  ].filter((one) => one !== undefined);
}

function crossing(
  from: KubeObject | undefined,
  to: KubeObject | undefined,
  what: string,
): Crossing | undefined {
  const [source, destination] = [addressOf(from), addressOf(to)];
  // A pod that has not started yet has no address, and no connections either.
  if (to === undefined || source === undefined || destination === undefined) return undefined;
  const { name, namespace: where = '' } = to.metadata;
  return {
    what,
    workload: { namespace: where, name },
    question: {
      source: { address: source, port: 40_000, principal: '' },
      destination: { address: destination, port: echoPort },
    },
    inSandbox: where !== 'default',
  };
}

function addressOf(object: KubeObject | undefined): string | undefined {
  return (object?.status as { podIP?: string } | undefined)?.podIP;
}

/** The n-th address of a block that ends in zeros. */
function addressIn(cidr: string, n: number): string {
  const [network = ''] = cidr.split('/');
  return network.endsWith('::') ? `${network}${n.toString(16)}` : network.replace(/\d+$/, String(n));
}
