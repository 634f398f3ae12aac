import { ControlError } from '../../fixtures/outcome.ts';
import type { TutorialPolicy } from '../../fixtures/policies/tutorial.ts';
import { openConnections } from '../../fixtures/probes/observe.ts';
import { timeToEffect } from '../../fixtures/probes/time-to-effect.ts';
import { recorder } from '../../fixtures/recorder.ts';
import type { Shop } from '../../fixtures/shop/shop.ts';
import { sideHost } from '../../fixtures/shop/side-host.ts';
import { control, expect, GET, HEAD, over, POST, requirement } from '../../fixtures/test.ts';
import type { VerdictName } from '../../fixtures/verdicts/verdict.ts';

const deniedByEither = ['denied by alp', 'denied by felix'] as const;
/** The connection opens: what then becomes of plaintext is the business of mutual TLS. */
const connects = ['refused by mtls', 'allowed'] as const;

requirement('DEF-01', 'the shop', async ({ shop }) => {
  await shop.policies();
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed'],
    [HEAD('/'), 'allowed'],
    [GET('/static/styles/styles.css'), 'allowed'],
    [GET('/product/OLJCESPC7Z'), 'allowed'],
    [GET('/cart'), 'allowed'],
    [POST('/setCurrency', { body: 'currency_code=EUR', headers: [form] }), 'allowed'],
  ]);
});

requirement('DEF-04', 'the shop', async ({ shop, sandbox }) => {
  await shop.policies();
  await shop.openSideHost();
  // The gateway keeps what it has opened for this connection, so that requests on it still reach the sidecar.
  const visit = (again = {}) => over('a visit', GET('/'), again);
  await expect(shop.throughGateway).toDecide([[visit(), 'allowed', control]]);
  await openConnections(shop.throughGateway);
  const byAddress = await shop.from(sandbox, 'plain', 'pod address');
  await expect(byAddress).toDecide([[GET('/'), connects]], { times: 1 });
  await shop.policies('frontend-deny');
  await expect(shop.throughGateway).toDecide([[visit({ ifOpen: true }), 'denied by alp']]);
  await expect(shop.throughGateway).toDecide(
    [
      [GET('/'), deniedByEither],
      [GET('/static/styles/styles.css'), deniedByEither],
      [GET('/cart'), deniedByEither],
    ],
    { times: 1 },
  );
  // Once Felix drops what would open a connection to the pod, the gateway, which has none for the side host, can
  // only try in vain.
  await expect(byAddress).toDecide([[GET('/'), 'denied by felix']], { times: 1 });
  await expect(shop.throughGateway).toDecide(
    [[GET('/', { headers: [['Host', sideHost]] }), 'denied by felix']],
    { times: 1 },
  );
});

requirement('HTTP-20', async ({ shop, shopPage }, info) => {
  await shop.policies();
  await controlBefore(shop);
  const open = await shopPage.visit('/');
  await info.attach('the shop before any policy', {
    body: await shopPage.screenshot(),
    contentType: 'image/png',
  });
  if (open.status !== 200) throw new ControlError(`the browser got status ${open.status} before any policy`);
  await shop.policies('frontend-deny');
  await expect(shop.throughGateway).toDecide([[GET('/'), deniedByEither]], { times: 1 });
  const visit = await shopPage.visit('/');
  await info.attach('the shop under frontend-deny', {
    body: await shopPage.screenshot(),
    contentType: 'image/png',
  });
  expect([403, 503], 'status of the page').toContain(visit.status);
  await expect(shopPage.products, 'products that can be seen').toHaveCount(0);
  expect(await shopPage.page.content()).not.toContain('Online Boutique');
});

requirement('HTTP-01', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed'],
    [GET('/static'), 'allowed'],
    [GET('/static/'), 'allowed'],
    [GET('/product/OLJCESPC7Z'), 'allowed'],
    // The batch could not tell the policies from none without this one.
    [GET('/cart'), 'denied by alp'],
  ]);
});

requirement('HTTP-02', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed', control],
    [HEAD('/'), 'denied by alp'],
    [POST('/'), 'denied by alp'],
    [POST('/setCurrency', { body: 'currency_code=EUR', headers: [form] }), 'denied by alp'],
    [POST('/product/OLJCESPC7Z'), 'denied by alp'],
  ]);
});

requirement('HTTP-07', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/?x=1'), 'allowed'],
    [GET('/?'), 'allowed'],
    [GET('/cart?/static'), 'denied by alp'],
  ]);
});

requirement('HTTP-08', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed', control],
    [GET('/cart'), 'denied by alp'],
    [GET('/setCurrency'), 'denied by alp'],
    [GET('/_healthz'), 'denied by alp'],
    [GET('/index.html'), 'denied by alp'],
  ]);
});

requirement('HTTP-09', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/static/styles/styles.css'), 'allowed'],
    [GET('/static/./styles/styles.css'), 'allowed'],
    [GET('/product/OLJCESPC7Z'), 'allowed'],
    [GET('/product/'), 'allowed'],
    [GET('/cart'), 'denied by alp'],
  ]);
});

requirement('HTTP-10', 'the shop', async ({ shop, expectation }) => {
  const beside = expectation === 'whole segments' ? 'denied by alp' : 'allowed';
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/static'), 'allowed', control],
    [GET('/staticfoo'), beside],
    [GET('/products'), beside],
    [GET('/product-meta/OLJCESPC7Z'), beside],
  ]);
});

requirement('HTTP-11', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/static/styles/styles.css'), 'allowed', control],
    [GET('/STATIC'), 'denied by alp'],
    [GET('/Static/styles/styles.css'), 'denied by alp'],
    [GET('/PRODUCT/OLJCESPC7Z'), 'denied by alp'],
  ]);
});

requirement('HTTP-14', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  const tricks = [
    '//cart',
    '/%63art',
    '/static/../cart',
    '/static/../../cart',
    '/static/%2e%2e/cart',
    '/static/%2E%2E/cart',
    '/static/..%2fcart',
    '/static/..%2Fcart',
    '/static%2f..%2fcart',
    '/static/..;/cart',
    '/static\\..\\cart',
    '/product/../cart',
    '/product/%2e%2e/cart',
  ];
  await expect(shop.throughGateway).toDecide([
    [GET('/static/styles/styles.css'), 'allowed', control],
    ...tricks.map((path) => [GET(path), 'denied by alp'] as const),
    [GET('/static%00/x'), 'rejected by proxy'],
  ]);
});

requirement('HTTP-16', async ({ shop, shopPage }, info) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed'],
    [GET('/cart'), 'denied by alp'],
  ]);
  const home = await shopPage.visit('/');
  await info.attach('the home page, allowed again', {
    body: await shopPage.screenshot(),
    contentType: 'image/png',
  });
  expect(home.status, 'status of the home page').toBe(200);
  expect(home.title).toContain('Online Boutique');
  expect(home.assets, 'assets of the home page').not.toHaveLength(0);
  expect(
    home.assets.filter(({ status }) => status >= 400),
    'assets of the home page that were not served',
  ).toEqual([]);
  await expect(shopPage.products.first()).toBeVisible();

  const cart = await shopPage.visit('/cart');
  await info.attach('the cart, refused', { body: await shopPage.screenshot(), contentType: 'image/png' });
  expect(cart.status, 'status of the cart in the same visit').toBe(403);
  expect((await shopPage.visit('/')).status, 'status of the home page afterwards').toBe(200);
});

requirement('ORD-06', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed'],
    [GET('/cart'), 'denied by alp'],
  ]);
  await shop.policies('frontend-allow-homepage');
  // Nothing is to change, so it has to stay as it was for longer than a change would take.
  await expect(shop.throughGateway).toDecide(
    [
      [GET('/'), 'allowed'],
      [GET('/cart'), 'denied by alp'],
    ],
    { stayMs: 500 },
  );
});

requirement('ORD-02', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([[GET('/'), 'allowed', control]]);
  await shop.policies('frontend-allow-homepage', 'frontend-deny-first');
  await expect(shop.throughGateway).toDecide([[GET('/'), deniedByEither]], { times: 1 });
});

requirement('API-06', 'the shop', async ({ shop }) => {
  await shop.policies();
  await expect(shop.throughGateway).toDecide([[GET('/cart'), 'allowed', control]]);
  // L4 stays open all the while: where it is closed, a gateway waits out its connect time-outs wherever it has no
  // connection yet, and that says nothing of when the policy took effect.
  const changes: [name: string, policies: TutorialPolicy[], verdict: VerdictName][] = [
    [
      'frontend-deny and frontend-allow-homepage in force',
      ['frontend-deny', 'frontend-allow-homepage'],
      'denied, cause unseen',
    ],
    ['both deleted', [], 'allowed'],
  ];
  for (const [name, policies, verdict] of changes) {
    const { afterMs } = await timeToEffect(shop.throughGateway, GET('/cart'), [verdict], () =>
      shop.policies(...policies),
    );
    expect(afterMs, `milliseconds until ${name}`).toBeLessThan(5_000);
    recorder.measure(name, afterMs, 'ms');
  }
});

requirement('DEF-05', 'the shop', async ({ shop }) => {
  await shop.policies('frontend-deny', 'frontend-allow-homepage');
  await expect(shop.throughGateway).toDecide([[GET('/cart'), 'denied by alp']]);
  await shop.policies();
  await expect(shop.throughGateway).toDecide([
    [GET('/'), 'allowed'],
    [HEAD('/'), 'allowed'],
    [GET('/cart'), 'allowed'],
  ]);
});

const form: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded'];

/** A denial by a new policy means something only when the same request was allowed just before it. */
async function controlBefore(shop: Shop): Promise<void> {
  await expect(shop.throughGateway).toDecide([[GET('/'), 'allowed', control]]);
  await openConnections(shop.throughGateway);
}
