import { sideHost } from '../../fixtures/shop/side-host.ts';
import { expect, GET, requirement, test } from '../../fixtures/test.ts';

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
    [GET('/no-such-page'), 'allowed'],
  ]);
});
