import { type FieldSet, pathsOf } from './field-set.ts';
import type { Manager } from './managers.ts';
import { StatusError } from './status-error.ts';

/** Fields that an applied configuration would change although someone else owns them. */
export interface FieldConflict {
  manager: Manager;
  fields: FieldSet;
}

/** Worded as in Kubernetes' `apimachinery/pkg/util/managedfields/internal/conflict.go`. */
export function applyConflict(conflicts: readonly FieldConflict[]): StatusError {
  const named = conflicts
    .map(({ manager, fields }) => ({ owner: describe(manager), paths: pathsOf(fields) }))
    .sort((one, other) => (one.owner < other.owner ? -1 : 1));
  const causes = named.flatMap(({ owner, paths }) =>
    paths.map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${owner}`,
      field,
    })),
  );
  return new StatusError(409, 'Conflict', `Apply failed with ${summary(named, causes.length)}`, { causes });
}

function summary(named: readonly { owner: string; paths: string[] }[], count: number): string {
  if (count === 1) return `1 conflict: conflict with ${named[0]!.owner}: ${named[0]!.paths[0]}`;
  const lines = named.flatMap(({ owner, paths }) => [
    `conflicts with ${owner}:`,
    ...paths.map((path) => `- ${path}`),
  ]);
  return `${count} conflicts: ${lines.join('\n')}`;
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager);
  const where = subresource === '' ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  if (operation === 'Apply') return where;
  return `${where} using ${apiVersion}`;
}
