/** Cookies of two days, as the front end sets them (Online Boutique `src/frontend/main.go`). */
export const cookieNames = { session: 'shop_session-id', currency: 'shop_currency' } as const;

export function setCookie(name: string, value: string): string {
  return `${name}=${value}; Max-Age=172800`;
}

/** Makes a browser forget a cookie. */
export function expireCookie(name: string): string {
  return `${name}=; Max-Age=0`;
}

/** The cookies of a request; the first of a name counts. */
export function readCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const [, name, value] = /^\s*([^=]+)=(.*?)\s*$/.exec(pair) ?? [];
    if (name !== undefined && value !== undefined && !cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}
