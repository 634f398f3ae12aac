import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { runBatch } from '../../../fixtures/agent/batch.ts';
import type { HttpResponse, ProbeRequest } from '../../../fixtures/agent/protocol.ts';
import { isShop } from '../../../fixtures/shop/recognise.ts';
import { products } from '../../../reference/workloads/shop/products.ts';
import { shopProgram } from '../../../reference/workloads/shop/program.ts';
import { probe } from '../../agent/harness.ts';
import { address, type Running, start } from './container.ts';
import { afterGateway, recordedAnswers } from './shop-paths.ts';

const startShop = () =>
  start(shopProgram, { image: 'registry/frontend:v0.10.6', ports: [{ containerPort: 8080 }] });

interface Options {
  headers?: [string, string][];
  body?: string;
}

async function ask(
  { client }: Running,
  requests: readonly [method: string, target: string, options?: Options][],
): Promise<HttpResponse[]> {
  const batch = requests.map(([method, target, { headers = [], body } = {}]) =>
    probe({
      host: address,
      port: 8080,
      http: {
        method,
        target,
        headers: body === undefined ? headers : [...headers, form],
        ...(body === undefined ? {} : { body }),
      },
    }),
  );
  const connect = ({ host, port }: ProbeRequest) => client.connect({ host, port });
  const observations = await runBatch(batch, { connect });
  return observations.map(({ response, error }) => {
    if (response === undefined) throw new Error(JSON.stringify(error));
    return response;
  });
}

const form: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded'];

function cookiesOf({ headers }: HttpResponse): string[] {
  return headers['set-cookie'] ?? [];
}

test('answers what the real front end answered, path by path and method by method', async () => {
  const recorded = recordedAnswers();
  expect(recorded.length).toBeGreaterThan(150);
  const responses = await ask(
    await startShop(),
    recorded.map(({ method, target }) => [method, afterGateway[target] ?? target]),
  );
  const row = (method: string, target: string, status: number, location: string | undefined) =>
    `${method} ${target} ${status}${location === undefined ? '' : ` > ${location}`}`;
  expect(
    responses.map(({ status, headers }, index) => {
      const { method, target } = recorded[index]!;
      return row(method, target, status, headers.location?.[0]);
    }),
  ).toEqual(recorded.map(({ method, target, status, location }) => row(method, target, status, location)));
  for (const [index, { page }] of recorded.entries()) {
    if (page === undefined) continue;
    expect(responses[index]?.body.includes('cart is empty'), recorded[index]?.target).toBe(page === 'cart');
  }
  expect(responses.every(isShop)).toBe(true);
  expect(
    responses.every((response) =>
      /^shop_session-id=[0-9a-f-]{36}; Max-Age=172800$/.test(cookiesOf(response)[0] ?? ''),
    ),
  ).toBe(true);
});

test('what passes a gateway raw is cleaned by a redirect, with its query', async () => {
  const targets = ['/static/../cart', '/a/./b?x=1&y', '/%2e%2e/cart', '//a%20b/'];
  const responses = await ask(
    await startShop(),
    targets.map((target) => ['GET', target]),
  );
  expect(responses.map(({ status, headers }) => `${status} ${headers.location}`)).toEqual([
    '301 /cart',
    '301 /a/b?x=1&y',
    '301 /cart',
    '301 /a%20b/',
  ]);
});

test('the home page shows every product, and all that it asks for is there', async () => {
  const shop = await startShop();
  const [home] = await ask(shop, [['GET', '/']]);
  expect(home?.body).toContain('<title>Online Boutique</title>');
  // A response's start is kept, and the page is longer.
  const { body } = await fetchWhole(shop, '/');
  expect(body.match(/class="hot-product-card"/g)).toHaveLength(products.length);
  const assets = [...body.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]!);
  expect(new Set(assets).size).toBeGreaterThan(products.length + 2);
  const links = [...body.matchAll(/href="(\/product\/[^"]+)"/g)].map((match) => match[1]!);
  expect(links).toHaveLength(products.length);
  for (const { status } of await ask(
    shop,
    [...assets, ...links].map((path) => ['GET', path]),
  )) {
    expect(status).toBe(200);
  }
});

test('a static file says that it is one', async () => {
  const [css, svg, folder] = await ask(await startShop(), [
    ['GET', '/static/styles/styles.css'],
    ['GET', '/static/images/logo.svg'],
    ['GET', '/static/styles/'],
  ]);
  expect(css?.headers['content-type']).toEqual(['text/css; charset=utf-8']);
  expect(svg?.headers['content-type']).toEqual(['image/svg+xml']);
  for (const response of [css, svg]) {
    expect(response?.headers).toMatchObject({
      'accept-ranges': ['bytes'],
      'last-modified': [expect.any(String)],
    });
  }
  expect(folder?.body).toContain('<a href="styles.css">styles.css</a>');
});

const cookie = (value: string): [string, string] => ['Cookie', value];

test('a session has a cart', async () => {
  const shop = await startShop();
  const headers = [cookie('shop_session-id=me')];
  const [added] = await ask(shop, [['POST', '/cart', { headers, body: 'product_id=OLJCESPC7Z&quantity=3' }]]);
  expect(added).toMatchObject({ status: 302, headers: { location: ['/cart'] } });
  expect(cookiesOf(added!)).toEqual([]);
  expect((await fetchWhole(shop, '/cart', headers)).body).toMatch(/Round sunglasses[\s\S]*\$65\.70/);
  expect((await fetchWhole(shop, '/cart')).body).toContain('cart is empty');
  const [emptied] = await ask(shop, [['POST', '/cart/empty', { headers }]]);
  expect(emptied).toMatchObject({ status: 302, headers: { location: ['/'] } });
  expect((await fetchWhole(shop, '/cart', headers)).body).toContain('cart is empty');
});

test('a visitor chooses a currency, and leaves', async () => {
  const shop = await startShop();
  const [chosen, wrong, left] = await ask(shop, [
    ['POST', '/setCurrency', { body: 'currency_code=EUR' }],
    ['POST', '/setCurrency', { body: 'currency_code=' }],
    ['GET', '/logout', { headers: [cookie('shop_session-id=me; shop_currency=EUR')] }],
  ]);
  expect(chosen).toMatchObject({ status: 302, headers: { location: ['/'] } });
  expect(cookiesOf(chosen!)[1]).toBe('shop_currency=EUR; Max-Age=172800');
  expect(wrong?.status).toBe(422);
  expect(cookiesOf(left!)).toEqual(['shop_session-id=; Max-Age=0', 'shop_currency=; Max-Age=0']);
  const { body } = await fetchWhole(shop, '/product/OLJCESPC7Z', [cookie('shop_currency=EUR')]);
  expect(body).toContain('€19.71');
});

test('an unknown product is an error of the shop', async () => {
  const responses = await ask(await startShop(), [
    ['GET', '/product/NOSUCHTHIN'],
    ['GET', '/product-meta/NOSUCHTHIN'],
    ['POST', '/cart', { body: 'product_id=NOSUCHTHIN&quantity=1' }],
  ]);
  expect(responses.map(({ status }) => status)).toEqual([500, 500, 500]);
});

test('it runs where the image is the front end, is ready, and logs what it answers', async () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } };
  const runs = (image: string) => shopProgram.runs({ name: 'server', image }, pod);
  expect(['a.b/c/frontend:v1', 'frontend', 'x:5000/frontend@sha256:ab'].map(runs)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['a.b/c/adservice:v1', 'my-frontend:v1', 'frontend/other:v1'].map(runs)).toEqual([
    false,
    false,
    false,
  ]);
  const shop = await startShop();
  expect(shop.ready()).toBe(true);
  await ask(shop, [['GET', '/_healthz']]);
  expect(shop.logged).toEqual(['starting server on :8080', 'GET /_healthz 200']);
});

/** A page to its end: an observation keeps only its first 4 KiB. */
async function fetchWhole(
  { client }: Running,
  path: string,
  headers: [string, string][] = [],
): Promise<{ body: string }> {
  const socket = client.connect({ host: address, port: 8080 });
  const lines = [`GET ${path} HTTP/1.0`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const whole = await text(socket);
  return { body: whole.slice(whole.indexOf('\r\n\r\n') + 4) };
}
