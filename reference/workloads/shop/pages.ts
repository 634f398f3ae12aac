import type { CartLine } from './carts.ts';
import { type Currency, currencies, priceIn } from './currencies.ts';
import { type Product, products } from './products.ts';

/** What every page shows of its visitor. */
export interface Visitor {
  currency: Currency;
  /** Articles in the cart. */
  inCart: number;
}

export function homePage(visitor: Visitor): string {
  const cards = products.map(
    ({ id, name, cents }) => `
      <div class="hot-product-card">
        <a href="/product/${id}">
          <img src="${picture(id)}" alt="">
          <div class="name">${name}</div>
          <div class="price">${priceIn(visitor.currency, cents)}</div>
        </a>
      </div>`,
  );
  return page(
    visitor,
    `
    <h1>Things worth keeping</h1>
    <p class="lead">A small choice, all of it in stock.</p>
    <div class="products">${cards.join('')}
    </div>`,
  );
}

export function productPage(visitor: Visitor, { id, name, description, cents }: Product): string {
  return page(
    visitor,
    `
    <div class="product">
      <img src="${picture(id)}" alt="">
      <div>
        <h1>${name}</h1>
        <p class="price">${priceIn(visitor.currency, cents)}</p>
        <p>${description}</p>
        <form method="POST" action="/cart">
          <input type="hidden" name="product_id" value="${id}">
          <input type="number" name="quantity" value="1" min="1" max="10" aria-label="Quantity">
          <button>Add to cart</button>
        </form>
      </div>
    </div>`,
  );
}

export function cartPage(visitor: Visitor, lines: readonly CartLine[]): string {
  if (lines.length === 0) {
    return page(visitor, notice('Your cart is empty', 'Whatever you add to it will be listed here.'));
  }
  const rows = lines.map(
    ({ product: { id, name, cents }, quantity }) => `
        <tr>
          <td><a href="/product/${id}"><img src="${picture(id)}" alt=""></a></td>
          <td>${name}</td>
          <td class="amount">${quantity}</td>
          <td class="amount">${priceIn(visitor.currency, cents * quantity)}</td>
        </tr>`,
  );
  const total = lines.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0);
  return page(
    visitor,
    `
    <h1>Your cart</h1>
    <table class="cart">
      <thead><tr><th></th><th>Article</th><th class="amount">Quantity</th><th class="amount">Price</th></tr></thead>
      <tbody>${rows.join('')}
        <tr><td colspan="3"><b>Total</b></td><td class="amount"><b>${priceIn(visitor.currency, total)}</b></td></tr>
      </tbody>
    </table>
    <form class="cart-actions" method="POST" action="/cart/empty"><button class="quiet">Empty the cart</button></form>`,
  );
}

/** A page that only says something. */
export function noticePage(visitor: Visitor, title: string, text: string): string {
  return page(visitor, notice(title, text));
}

function notice(title: string, text: string): string {
  return `
    <div class="notice">
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/"><b>Back to the shop</b></a></p>
    </div>`;
}

function page({ currency, inCart }: Visitor, content: string): string {
  const options = currencies.map(
    (code) => `<option value="${code}"${code === currency ? ' selected' : ''}>${code}</option>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Online Boutique</title>
  <link rel="icon" type="image/svg+xml" href="/static/icons/favicon.svg">
  <link rel="stylesheet" href="/static/styles/styles.css">
  <link rel="stylesheet" href="/static/styles/products.css">
  <link rel="stylesheet" href="/static/styles/cart.css">
</head>
<body>
  <header class="bar">
    <a class="brand" href="/"><img src="/static/images/logo.svg" alt=""> Online Boutique</a>
    <div class="controls">
      <form method="POST" action="/setCurrency">
        <select name="currency_code" aria-label="Currency" onchange="this.form.submit()">${options.join('')}</select>
      </form>
      <a class="cart-link" href="/cart">Cart <span class="count">${inCart}</span></a>
    </div>
  </header>
  <main>${content}
  </main>
  <footer>Served by the reference mesh of alp-conformance. Nothing is for sale here.</footer>
</body>
</html>
`;
}

function picture(id: string): string {
  return `/static/images/products/${id}.svg`;
}
