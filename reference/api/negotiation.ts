/** How a client wants objects to come. */
export type Representation = 'object' | 'table' | 'metadata';

/** One entry of an Accept header. */
interface MediaRange {
  type: string;
  parameters: Record<string, string>;
}

const json = new Set(['application/json', 'application/*', '*/*']);

/**
 * The first form that a client accepts and this server has, in the client's order; quality values are not
 * weighed. Protobuf, which real servers prefer, is not spoken here, and every client falls back to JSON.
 *
 * @param accept the header; what is absent accepts JSON.
 * @returns undefined when there is none in common (406).
 */
export function representationFor(accept: string | undefined): Representation | undefined {
  for (const { type, parameters } of mediaRanges(accept)) {
    if (!json.has(type)) continue;
    if (parameters.as === undefined) return 'object';
    if (parameters.g !== 'meta.k8s.io' || parameters.v !== 'v1') continue;
    if (parameters.as === 'Table') return 'table';
    if (parameters.as === 'PartialObjectMetadata' || parameters.as === 'PartialObjectMetadataList') {
      return 'metadata';
    }
  }
  return undefined;
}

/** Whether the client takes discovery of all groups in one answer (the aggregated discovery of v2). */
export function wantsAggregatedDiscovery(accept: string | undefined): boolean {
  return mediaRanges(accept).some(
    ({ parameters: { as, g, v } }) =>
      as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2',
  );
}

function mediaRanges(accept = '*/*'): MediaRange[] {
  return accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    return {
      type: type.toLowerCase(),
      parameters: Object.fromEntries(
        parameters.map((parameter) => {
          const [name = '', value = ''] = parameter.split('=');
          return [name, value] as const;
        }),
      ),
    };
  });
}
