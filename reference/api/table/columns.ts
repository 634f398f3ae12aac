import { keyOf, type ResourceType } from '../../store/resource-type.ts';
import type { Column } from './column.ts';
import { age, name } from './common-columns.ts';
import { coreColumns } from './core-columns.ts';
import { eventColumns } from './event-columns.ts';
import { extensionColumns } from './extension-columns.ts';
import { workloadColumns } from './workload-columns.ts';

const columns: Record<string, readonly Column[]> = {
  ...coreColumns,
  ...eventColumns,
  ...workloadColumns,
  ...extensionColumns,
};

/** The columns of a kind's table; name and age where nothing more is worth a column. */
export function columnsOf(type: Pick<ResourceType, 'group' | 'kind'>): readonly Column[] {
  return columns[keyOf(type)] ?? [name, age];
}
