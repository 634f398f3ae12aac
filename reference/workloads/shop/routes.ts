import { type Answer, html, json, notFound, plain, redirect } from './answer.ts';
import type { Carts } from './carts.ts';
import { cookieNames, expireCookie, setCookie } from './cookies.ts';
import { type Currency, currencies } from './currencies.ts';
import { cartPage, homePage, noticePage, productPage, type Visitor } from './pages.ts';
import { productById } from './products.ts';
import { staticFile } from './static-files.ts';

/** A request as the pages need it. */
export interface ShopRequest {
  method: string;
  /** Decoded and clean. */
  path: string;
  /** What the route's pattern holds in parentheses. */
  parameter: string;
  session: string;
  currency: Currency;
  cookies: readonly string[];
  form: URLSearchParams;
  referer: string | undefined;
  carts: Carts;
}

export interface Route {
  path: RegExp;
  /** Every method when absent. */
  methods?: readonly string[];
  answer: (request: ShopRequest) => Answer;
}

const read = ['GET', 'HEAD'] as const;

/** The pages of Online Boutique's front end, by path and method (Online Boutique `src/frontend/main.go`). */
export const routes: readonly Route[] = [
  { path: /^\/$/, methods: read, answer: (request) => html(200, homePage(visitor(request))) },
  { path: /^\/product\/([^/]+)$/, methods: read, answer: product },
  { path: /^\/product-meta\/([^/]+)$/, methods: ['GET'], answer: productMeta },
  { path: /^\/cart$/, methods: read, answer: cart },
  { path: /^\/cart$/, methods: ['POST'], answer: addToCart },
  { path: /^\/cart\/empty$/, methods: ['POST'], answer: emptyCart },
  { path: /^\/cart\/checkout$/, methods: ['POST'], answer: checkout },
  { path: /^\/setCurrency$/, methods: ['POST'], answer: setCurrency },
  { path: /^\/logout$/, methods: ['GET'], answer: logout },
  { path: /^\/assistant$/, methods: ['GET'], answer: assistant },
  { path: /^\/static\/(.*)$/s, answer: ({ parameter }) => staticFile(parameter) ?? notFound },
  { path: /^\/robots\.txt$/, answer: () => plain(200, 'User-agent: *\nDisallow: /') },
  { path: /^\/_healthz$/, answer: () => plain(200, 'ok') },
];

function product(request: ShopRequest): Answer {
  const found = productById(request.parameter);
  return found === undefined ? noSuchProduct(request) : html(200, productPage(visitor(request), found));
}

function productMeta(request: ShopRequest): Answer {
  const found = productById(request.parameter);
  return found === undefined ? noSuchProduct(request) : json(200, found);
}

function cart(request: ShopRequest): Answer {
  return html(200, cartPage(visitor(request), request.carts.linesOf(request.session)));
}

function addToCart(request: ShopRequest): Answer {
  const { form, carts, session } = request;
  const quantity = Number(form.get('quantity') ?? '');
  const id = form.get('product_id') ?? '';
  if (id === '' || !Number.isInteger(quantity) || quantity < 1 || quantity > 10) {
    return invalidForm(request, 'An article and a quantity from 1 to 10 are needed.');
  }
  const found = productById(id);
  if (found === undefined) return noSuchProduct(request);
  carts.add(session, found, quantity);
  return redirect(302, '/cart');
}

function emptyCart({ carts, session }: ShopRequest): Answer {
  carts.empty(session);
  return redirect(302, '/');
}

const orderFields = ['email', 'street_address', 'zip_code', 'city', 'state', 'country', 'credit_card_number'];

function checkout(request: ShopRequest): Answer {
  const missing = orderFields.filter((field) => (request.form.get(field) ?? '') === '');
  if (missing.length > 0) return invalidForm(request, `An order needs ${missing.join(', ')}.`);
  request.carts.empty(request.session);
  return html(200, noticePage(visitor(request), 'Thank you', 'Your order would be on its way.'));
}

function setCurrency(request: ShopRequest): Answer {
  const code = request.form.get('currency_code') ?? '';
  if (!/^[A-Z]{3}$/.test(code)) {
    return invalidForm(request, `A currency is needed, such as ${currencies.join(', ')}.`);
  }
  return redirect(302, request.referer ?? '/', [setCookie(cookieNames.currency, code)]);
}

function logout({ cookies }: ShopRequest): Answer {
  return redirect(302, '/', cookies.map(expireCookie));
}

function assistant(request: ShopRequest): Answer {
  return html(200, noticePage(visitor(request), 'Assistant', 'Nobody is here to chat at the moment.'));
}

function noSuchProduct(request: ShopRequest): Answer {
  return html(500, noticePage(visitor(request), 'Something has failed', 'There is no such article.'));
}

function invalidForm(request: ShopRequest, problem: string): Answer {
  return html(422, noticePage(visitor(request), 'That did not work', problem));
}

function visitor({ currency, carts, session }: ShopRequest): Visitor {
  const inCart = carts.linesOf(session).reduce((sum, { quantity }) => sum + quantity, 0);
  return { currency, inCart };
}
