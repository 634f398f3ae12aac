/** What one US dollar is worth in the currencies that the shop shows. They are the shop's own and never change. */
const rates = { USD: 1, EUR: 0.9, CAD: 1.4, JPY: 150, GBP: 0.8, TRY: 40 } as const;

export type Currency = keyof typeof rates;

export const currencies = Object.keys(rates) as Currency[];

export const defaultCurrency: Currency = 'USD';

export function isCurrency(code: string | undefined): code is Currency {
  return code !== undefined && Object.hasOwn(rates, code);
}

/** Writes a price that is given in cents of a US dollar. */
export function priceIn(currency: Currency, cents: number): string {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(
    (cents / 100) * rates[currency],
  );
}
