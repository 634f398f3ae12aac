import { credentials, type ServiceError } from '@grpc/grpc-js';
import { expect } from '@playwright/test';
import { PolicySyncServer } from '../../fixtures/dikastes/policy-sync-server.ts';
import { policySyncClient, policySyncService } from '../../fixtures/dikastes/protocol/load.ts';
import type { Message } from '../../fixtures/dikastes/protocol/messages.ts';
import type { Wire } from '../../fixtures/dikastes/protocol/wire.ts';
import { serverArguments, sockets } from '../../fixtures/dikastes/running.ts';
import { toPolicySync } from '../../fixtures/dikastes/translate/translate.ts';
import { scenario } from './scenarios.ts';
import { test } from './stand-ins.ts';

for (const wire of ['before 3.32', '3.32'] as const) {
  test(`nothing of a message is lost on the way, ${wire}`, () => {
    const { responseSerialize, responseDeserialize } = policySyncService(wire).Sync!;
    for (let seed = 1; seed <= 50; seed++) {
      const { objects, workload } = scenario(seed, wire);
      for (const message of toPolicySync(objects, workload, wire === '3.32' ? 'v3.32.1' : 'v3.31.7')) {
        const received = responseDeserialize(responseSerialize(message));
        expect(withoutNoughts(received)).toEqual(withoutNoughts(message));
      }
    }
  });
}

/** Some bytes of old releases, so that the numbers of the fields do not move. */
const bytes: [wire: Wire, message: Message, hex: string][] = [
  ['3.32', { inSync: {} }, '0a00'],
  ['3.32', { ipsetUpdate: { id: 's', type: 'NET', members: ['a'] } }, '12080a017312016118 02'],
  ['before 3.32', { activePolicyRemove: { id: { tier: 't', name: 'n' } } }, '42080a060a01741201 6e'],
  [
    '3.32',
    { activePolicyRemove: { id: { name: 'n', namespace: 's', kind: 'k' } } },
    '420b0a0912016e1a01732201 6b',
  ],
  ['3.32', { namespaceRemove: { id: { name: 'n' } } }, 'b201050a030a016e'],
];

test('fields have the numbers that Calico gave them', () => {
  for (const [wire, message, hex] of bytes) {
    const { responseSerialize } = policySyncService(wire).Sync!;
    expect(responseSerialize(message).toString('hex'), JSON.stringify(message)).toBe(hex.replaceAll(' ', ''));
  }
});

test('Dikastes is given the sockets by names that may be an :authority', async ({ folder }) => {
  // Releases before 3.30 dial under the name as it was given, and Node's HTTP/2 takes no path for an authority.
  expect(serverArguments.filter((word) => word.includes('/'))).toEqual([]);
  const server = await PolicySyncServer.listen(folder, '3.32');
  try {
    const join = (authority: string) =>
      new Promise<string>((resolve) => {
        const PolicySync = policySyncClient('3.32');
        const address = `unix:${folder}/${sockets.policySync}`;
        const client = new PolicySync(address, credentials.createInsecure(), {
          'grpc.default_authority': authority,
        });
        const stream = client.sync!({}, { deadline: Date.now() + 5_000 }) as unknown as NodeJS.ReadableStream;
        const end = (how: string) => {
          client.close();
          resolve(how);
        };
        stream.on('data', () => end('joined'));
        stream.on('error', (error: ServiceError) => end(error.details));
      });
    expect(await join(sockets.policySync)).toBe('joined');
    expect(await join(`${folder}/${sockets.policySync}`)).not.toBe('joined');
  } finally {
    server.close();
  }
});

/** On the wire, nought is nothing, and so is an empty list. */
function withoutNoughts(message: unknown): unknown {
  return JSON.parse(
    JSON.stringify(message, (_, value: unknown) =>
      value === 0 || (Array.isArray(value) && value.length === 0) ? undefined : value,
    ),
  );
}
