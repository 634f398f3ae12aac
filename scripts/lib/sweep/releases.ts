/** The last patch of each line of Calico that was released when this was written; there is every one before it. */
const lastPatches: Record<string, number> = {
  '3.24': 6,
  '3.25': 2,
  '3.26': 5,
  '3.27': 5,
  '3.28': 5,
  '3.29': 7,
  '3.30': 7,
  '3.31': 7,
  '3.32': 1,
};

/** Releases of Calico with application layer policy that are known here, oldest first. */
export const knownReleases: readonly string[] = Object.entries(lastPatches).flatMap(([line, last]) =>
  Array.from({ length: last + 1 }, (_, patch) => `v${line}.${patch}`),
);

export const firstKnown = knownReleases[0] as string;
export const lastKnown = knownReleases.at(-1) as string;
