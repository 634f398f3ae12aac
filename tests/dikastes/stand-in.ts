/*
 * A program in the place of Dikastes, which speaks as it does on both sides, and decides as little as is needed to
 * see which policies it holds: by source nets, methods and exact paths. It can also be told to misbehave.
 *
 *   node stand-in.ts WIRE MANNERS server -l SOCKET -d SOCKET
 */
import { credentials, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import type { requestOf } from '../../fixtures/dikastes/authorization-client.ts';
import {
  authorizationClient,
  healthClient,
  policySyncClient,
} from '../../fixtures/dikastes/protocol/load.ts';
import type { Endpoint, Message, PolicyId, Rule } from '../../fixtures/dikastes/protocol/messages.ts';
import type { Wire } from '../../fixtures/dikastes/protocol/wire.ts';

export type Manners =
  | 'good'
  | 'dies at start'
  | 'dies of a policy'
  | 'never reads'
  | 'leaves at every policy'
  | 'knows nothing';

const [wire, manners, , , listen, , dial] = process.argv.slice(2) as [Wire, Manners, ...string[]];
const ok = 0;
const unknown = 2;
const denied = 7;
const unavailable = 14;

const policies = new Map<string, Rule[]>();
const profiles = new Map<string, Rule[]>();
let endpoint: Endpoint | undefined;
let inSync = false;

process.stderr.write(`level=info msg="stand-in ${manners}"\n`);
if (manners === 'dies at start') {
  process.stderr.write('level=fatal msg="Unable to listen."\n');
  process.exit(3);
}
serve();
join();

function serve(): void {
  const server = new Server();
  server.addService(authorizationClient().service, {
    Check: ({ request }: { request: ReturnType<typeof requestOf> }, reply: (e: null, r: object) => void) =>
      reply(null, { status: { code: decide(request) } }),
  });
  server.addService(healthClient().service, {
    CheckReadiness: (_: unknown, reply: (e: null, r: object) => void) => reply(null, { healthy: inSync }),
  });
  server.bindAsync(`unix:${listen}`, ServerCredentials.createInsecure(), () => {});
}

function join(): void {
  const PolicySync = policySyncClient(wire);
  // Releases before 3.30 give the name they dial as the authority.
  const client = new PolicySync(`unix:${dial}`, credentials.createInsecure(), {
    ...(dial !== undefined && { 'grpc.default_authority': dial }),
  });
  const stream = client.sync!({}) as unknown as NodeJS.ReadableStream & { cancel(): void };
  stream.on('data', (message: Message) => {
    if (manners === 'leaves at every policy' && 'activePolicyUpdate' in message) {
      process.stderr.write('level=warning msg="connection to Policy Sync server broken"\n');
      stream.cancel();
    } else if (manners !== 'never reads') read(message);
  });
  stream.on('error', (error: ServiceError) => {
    process.stderr.write(`level=warning msg="${error.details}"\n`);
    inSync = false;
    client.close();
    setTimeout(join, 20);
  });
}

function read(message: Message): void {
  if ('inSync' in message) inSync = true;
  if ('workloadEndpointUpdate' in message) endpoint = message.workloadEndpointUpdate.endpoint;
  if ('activeProfileUpdate' in message) {
    const { id, profile } = message.activeProfileUpdate;
    profiles.set(id.name, profile.inboundRules ?? []);
  }
  if ('activePolicyUpdate' in message) {
    const { id, policy } = message.activePolicyUpdate;
    if (manners === 'dies of a policy' && id.name.endsWith('deadly')) {
      process.stderr.write('panic: nil policy\n\ngoroutine 1 [running]:\n');
      process.exit(2);
    }
    policies.set(id.name, policy.inboundRules ?? []);
  }
  if ('activePolicyRemove' in message) policies.delete(message.activePolicyRemove.id.name);
}

function decide({ attributes }: ReturnType<typeof requestOf>): number {
  if (manners === 'knows nothing') return unknown;
  if (!inSync || endpoint === undefined) return unavailable;
  for (const { ingressPolicies = [], defaultAction } of endpoint.tiers ?? []) {
    if (ingressPolicies.length === 0) continue;
    const rules = ingressPolicies.flatMap((id) => policies.get(nameOf(id)) ?? []);
    const action = rules.find((rule) => matches(rule, attributes))?.action;
    if (action === 'allow') return ok;
    if (action === 'deny' || (action === undefined && defaultAction !== 'Pass')) return denied;
  }
  const rules = endpoint.profileIds.flatMap((name) => profiles.get(name) ?? []);
  return rules.find((rule) => matches(rule, attributes))?.action === 'allow' ? ok : denied;
}

function nameOf(id: string | PolicyId): string {
  return typeof id === 'string' ? id : id.name;
}

function matches(
  { srcNet, httpMatch: { methods, paths } = {} }: Rule,
  { source, request }: ReturnType<typeof requestOf>['attributes'],
): boolean {
  const { method = '', path = '' } = request?.http ?? {};
  const from = `${source.address.socketAddress.address}/32`;
  return (
    (srcNet?.includes(from) ?? true) &&
    (methods?.includes(method) ?? true) &&
    (paths?.some((one) => 'exact' in one && one.exact === path) ?? true)
  );
}
