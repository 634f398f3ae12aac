import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** The objects of a text of YAML documents, in their order; documents that are empty are none. */
export function objectsIn(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}
