import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The SHA-256 of a text or of bytes at hand, in hexadecimal digits. */
export function sha256(content: string | NodeJS.ArrayBufferView): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The SHA-256 of a file of any size. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}
