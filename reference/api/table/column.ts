import type { KubeObject } from '../../../fixtures/cluster/objects.ts';

/** One column of a kind's table, and how to fill it. */
export interface Column {
  /** Shown in capitals by kubectl. */
  name: string;
  type: 'string' | 'integer';
  /** `name` marks the column that names the object. */
  format: string;
  description: string;
  /** 0 is shown always, 1 only with `-o wide`. */
  priority: 0 | 1;
  /** @param now milliseconds of the epoch, for ages. */
  cell: (object: KubeObject, now: number) => string | number;
}

type Cell = Column['cell'];

/** What a cell shows when there is nothing to show. */
export const none = '<none>';

export function column(name: string, description: string, cell: Cell): Column {
  return { name, type: 'string', format: '', description, priority: 0, cell };
}

/** A column of `-o wide`. */
export function wide(name: string, description: string, cell: Cell): Column {
  return { ...column(name, description, cell), priority: 1 };
}

/** A column of whole numbers. */
export function count(name: string, description: string, cell: (object: KubeObject) => number): Column {
  return { ...column(name, description, cell), type: 'integer' };
}

/** The value at a path such as `spec.selector`; undefined where a part is missing. */
export function at(object: unknown, path: string): unknown {
  let value = object;
  for (const part of path.split('.')) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }
  return value;
}

/** The text of a value at a path; `none` when there is none. */
export function textAt(object: unknown, path: string, instead: string = none): string {
  const value = at(object, path);
  return value === undefined || value === null || value === '' ? instead : String(value);
}

export function numberAt(object: unknown, path: string, instead = 0): number {
  const value = at(object, path);
  return typeof value === 'number' ? value : instead;
}

export function listAt(object: unknown, path: string): unknown[] {
  const value = at(object, path);
  return Array.isArray(value) ? value : [];
}

/** Values in one cell. */
export function joined(values: readonly unknown[]): string {
  return values.length === 0 ? none : values.join(',');
}

/** `a=b,c=d`, in the order of the names. */
export function pairsAt(object: unknown, path: string): string {
  const value = at(object, path);
  if (typeof value !== 'object' || value === null) return none;
  return joined(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, text]) => `${key}=${text}`),
  );
}
