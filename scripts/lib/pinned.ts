import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

/** A pinned file cannot be had; the message says what to do. */
export class PinnedFileError extends Error {
  override name = 'PinnedFileError';
}

export const projectRoot = join(import.meta.dirname, '..', '..');
const cacheFolder = join(projectRoot, '.cache');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const versionsSchema = z.strictObject({
  boutique: z.strictObject({ version: z.string(), url: z.url(), sha256 }),
  legacyInjector: z.record(z.string(), sha256),
});

/** The pinned versions of `versions.yaml`. */
export function pinnedVersions(): z.infer<typeof versionsSchema> {
  return versionsSchema.parse(parse(readFileSync(join(projectRoot, 'versions.yaml'), 'utf8')));
}

/**
 * The text of a pinned file: the one given, else the cached one, else downloaded.
 *
 * @throws when its SHA-256 is not the pinned one, or it cannot be had, with what to do.
 */
export async function pinnedFile(
  what: string,
  { url, sha256: wanted, given }: { url: string; sha256: string; given?: string | undefined },
): Promise<string> {
  if (given !== undefined) return checked(what, readGiven(what, given), wanted, given);
  const cached = join(cacheFolder, wanted);
  if (existsSync(cached)) return checked(what, readFileSync(cached, 'utf8'), wanted, cached);
  let text: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    text = await response.text();
  } catch (error) {
    throw new PinnedFileError(
      `${what} could not be downloaded from ${url} (${reason(error)}); download it and give its file.`,
    );
  }
  checked(what, text, wanted, url);
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(`${cached}.new`, text);
  renameSync(`${cached}.new`, cached);
  return text;
}

function readGiven(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PinnedFileError(`${what} cannot be read from ${file}: ${reason(error)}`);
  }
}

function checked(what: string, text: string, wanted: string, from: string): string {
  const got = createHash('sha256').update(text).digest('hex');
  if (got !== wanted) {
    throw new PinnedFileError(
      `${what} from ${from} has SHA-256 ${got}, but ${wanted} is pinned in versions.yaml.`,
    );
  }
  return text;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
