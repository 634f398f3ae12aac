import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { objectsIn } from '../lib/objects-in.ts';

/**
 * What a run may need, one manifest a part: `alp-conformance` in any case, the others as a person or the cluster asks
 * for them.
 */
export const parts = ['alp-conformance', 'online-boutique', 'pull-secret', 'mesh-ca', 'diagnostics'] as const;
export type Part = (typeof parts)[number];

/** Who the manifests grant it to. */
export const account = { namespace: 'alp-conformance', name: 'alp-conformance' } as const;

/** What in a manifest stands for something that only a run knows. */
export const placeholders = { secretNamespace: 'SECRETS-NAMESPACE', secretName: 'SECRETS-NAME' } as const;

/** Where a part's manifest is, from the project's folder. */
export function fileOf(part: Part): string {
  return `scripts/permissions/${part}.yaml`;
}

/** The objects of a part, as `kubectl apply` would make them. */
export function objectsOf(part: Part): KubeObject[] {
  return objectsIn(readFileSync(join(import.meta.dirname, `${part}.yaml`), 'utf8'));
}
