import { type Product, productById } from './products.ts';

export interface CartLine {
  product: Product;
  quantity: number;
}

/** What each session has put into its cart, for as long as the front end runs. */
export class Carts {
  readonly #bySession = new Map<string, Map<string, number>>();

  linesOf(session: string): CartLine[] {
    return [...(this.#bySession.get(session) ?? [])].map(([id, quantity]) => ({
      product: productById(id)!,
      quantity,
    }));
  }

  add(session: string, product: Product, quantity: number): void {
    const cart = this.#bySession.get(session) ?? new Map<string, number>();
    cart.set(product.id, (cart.get(product.id) ?? 0) + quantity);
    this.#bySession.set(session, cart);
  }

  empty(session: string): void {
    this.#bySession.delete(session);
  }
}
