/**
 * The bytes at an address.
 *
 * @param timeoutMs how long it may take in all.
 * @throws with a short reason, such as `HTTP 404`.
 */
export async function download(url: string, timeoutMs = 60_000): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}

/** What `fetch` hides behind "fetch failed". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name;
}
