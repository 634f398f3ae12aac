import { shapeOf } from './fields-of.ts';
import type { Schema } from './schema.ts';

/**
 * Lays an applied configuration over the live object. Values of the configuration win; items of a list with keys
 * come in the configuration's order, those it does not name stay before the item they preceded
 * (structured-merge-diff `typed/merge.go`).
 */
export function applyMerge(live: unknown, config: unknown, schema: Schema): unknown {
  if (config === undefined) return live;
  const ours = shapeOf(live, schema);
  const theirs = shapeOf(config, schema);
  if (ours.kind === 'value' || theirs.kind === 'value' || ours.kind !== theirs.kind) return config;
  const merge = (edge: string) =>
    applyMerge(ours.parts.get(edge), theirs.parts.get(edge), theirs.schemaOf(edge));
  if (theirs.kind === 'list') return mergedOrder([...ours.parts.keys()], [...theirs.parts.keys()]).map(merge);
  const edges = [...new Set([...ours.parts.keys(), ...theirs.parts.keys()])];
  return Object.fromEntries(edges.map((edge) => [edge.slice(2), merge(edge)]));
}

function mergedOrder(live: readonly string[], config: readonly string[]): string[] {
  const shared = config.filter((edge) => live.includes(edge));
  const order: string[] = [];
  let ours = 0;
  let theirs = 0;
  let met = 0;
  while (ours < live.length || theirs < config.length) {
    const edge = live[ours];
    if (edge !== undefined && !config.includes(edge)) {
      order.push(edge);
      ours += 1;
    } else if (edge !== undefined && edge !== shared[met]) {
      // Named by the configuration at another place.
      ours += 1;
    } else {
      const next = config[theirs]!;
      order.push(next);
      theirs += 1;
      if (next === shared[met]) met += 1;
    }
  }
  return order;
}
