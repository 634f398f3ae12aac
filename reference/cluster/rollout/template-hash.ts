// The characters that generated names are made of (Kubernetes apimachinery `pkg/util/rand/rand.go`).
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The label that tells the pods of one template from those of another. */
export const templateHashLabel = 'pod-template-hash';

/** A short name for a value: the same for equal values, whatever the order of their fields. */
export function hashOf(value: unknown): string {
  const digits = String(fnv32a(JSON.stringify(value, sortedFields)));
  return Array.from(digits, (digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('');
}

/** FNV-1a, 32 bits: what Kubernetes hashes templates with. */
function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function sortedFields(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
