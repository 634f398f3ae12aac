import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Answer } from './answer.ts';

const folder = join(import.meta.dirname, 'static');

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** When the files were made, as far as a visitor is told: the real front end says the time of its image's build. */
const lastModified = 'Mon, 23 Nov 2026 00:00:00 GMT';

/** Every file by its path below `/static/`, and every folder, ending in a slash, as its listing. */
const answers = new Map<string, Answer>(filesBelow(''));

/** A static file or listing, given to every method; undefined when there is none (Go `net/http` `FileServer`). */
export function staticFile(path: string): Answer | undefined {
  return answers.get(path);
}

function filesBelow(path: string): [string, Answer][] {
  const entries = readdirSync(join(folder, path), { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  return [
    [path, listing(names)],
    ...names.flatMap((name): [string, Answer][] =>
      name.endsWith('/') ? filesBelow(path + name) : [[path + name, file(path + name)]],
    ),
  ];
}

function file(path: string): Answer {
  const body = readFileSync(join(folder, path));
  const type = types[extname(path)] ?? 'application/octet-stream';
  return {
    status: 200,
    headers: { 'accept-ranges': 'bytes', 'content-type': type, 'last-modified': lastModified },
    body,
  };
}

function listing(names: readonly string[]): Answer {
  const links = names.map((name) => `<a href="${name}">${name}</a>`).join('\n');
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'last-modified': lastModified },
    body: `<!doctype html>\n<title>Files</title>\n<pre>\n${links}\n</pre>\n`,
  };
}
