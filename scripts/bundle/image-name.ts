/** An image's name in parts: `redis` is short for `docker.io/library/redis:latest`. */
export interface ImageName {
  registry: string;
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** Reads a name as container runtimes do. */
export function parseImage(name: string): ImageName {
  const [withTag = '', digest] = name.split('@');
  const tag = /:([^:/]+)$/.exec(withTag)?.[1];
  const path = tag === undefined ? withTag : withTag.slice(0, -tag.length - 1);
  const [first = '', ...rest] = path.split('/');
  // Only a host has a dot or a port, or is localhost; else it is a folder of Docker's own registry.
  const hosted = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const repository = hosted ? rest.join('/') : rest.length === 0 ? `library/${first}` : path;
  return {
    registry: hosted ? first : 'docker.io',
    repository,
    tag: tag ?? (digest === undefined ? 'latest' : undefined),
    digest,
  };
}

/** The whole name, the same for every way to write it. */
export function wholeName(name: string): string {
  const { registry, repository, tag, digest } = parseImage(name);
  return format(`${registry}/${repository}`, tag, digest);
}

/** The whole name without the digest: what archives know an image by. */
export function tagOf(name: string): string {
  const { registry, repository, tag } = parseImage(name);
  return format(`${registry}/${repository}`, tag, undefined);
}

/**
 * The name of the same image in a registry that mirrors others, as most do: by the path alone.
 *
 * @param registry `HOST[:PORT]`; with `http://` before it too, which names of images are without.
 */
export function inRegistry(registry: string, name: string): string {
  const { repository, tag, digest } = parseImage(name);
  const host = registry.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  return format(`${host}/${repository}`, tag, digest);
}

function format(path: string, tag: string | undefined, digest: string | undefined): string {
  return `${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
