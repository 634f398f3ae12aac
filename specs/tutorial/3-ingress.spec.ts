import { sideHost } from '../../fixtures/shop/side-host.ts';
import { control, expect, GET, requirement, test } from '../../fixtures/test.ts';

test.beforeAll(async ({ shop }) => shop.policies());

requirement('ING-01', async ({ shop }) => {
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed'],
    [GET('/static/styles/styles.css'), 'allowed'],
    [GET('/product/OLJCESPC7Z'), 'allowed'],
    [GET('/cart'), 'allowed'],
  ]);
});

requirement('ING-02', async ({ shop }) => {
  await shop.openSideHost();
  await expect(shop.throughGateway).toDecide([
    [GET('/no-such-route', { headers: [['Host', sideHost]] }), 'no route'],
    // A page that the shop does not have is answered by the shop, with the same status.
    [GET('/no-such-page'), 'allowed', control],
  ]);
});
