import { control, expect, GET, requirement, test } from '../../fixtures/test.ts';

test.beforeAll(async ({ shop }) => shop.policies());

requirement('MTLS-02', 'the front end', async ({ shop, sandbox }) => {
  // That the client can speak plaintext at all is what gives its refusal a meaning.
  await expect(await sandbox.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  for (const by of ['pod address', 'service', 'frontend-external'] as const) {
    await expect(await shop.from(sandbox, 'plain', by)).toDecide([[GET('/'), 'refused by mtls']]);
  }
});

requirement('MTLS-03', 'the shop', async ({ shop, sandbox }) => {
  await expect(shop.throughGateway).toDecide([[GET('/'), 'allowed']]);
  await expect(await shop.from(sandbox, 'client')).toDecide([[GET('/'), 'allowed']]);
});
