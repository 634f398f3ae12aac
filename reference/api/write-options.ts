import { isObject, type JsonObject } from '../store/json.ts';
import type { WriteOptions } from '../store/operations.ts';
import { badRequest, invalid } from '../store/status-error.ts';
import type { PatchType } from './body.ts';
import type { ApiRequest } from './request.ts';

const validations = ['Strict', 'Warn', 'Ignore'] as const;

/**
 * How a write is to be done, as its query says. A manager that is not named is the client itself, by its user agent.
 *
 * @throws StatusError 422 for values that do not exist.
 */
export function writeOptions({ query, headers }: ApiRequest, subresource: string | undefined): WriteOptions {
  const asked = query.get('fieldValidation') || 'Warn';
  const fieldValidation = validations.find((known) => known === asked);
  if (fieldValidation === undefined) {
    throw invalidOption(
      'fieldValidation',
      `Unsupported value: "${asked}": supported values: "Ignore", "Strict", "Warn"`,
    );
  }
  return {
    fieldManager: query.get('fieldManager') || headers['user-agent']?.split('/')[0] || 'unknown',
    fieldValidation,
    dryRun: isDryRun(query.getAll('dryRun')),
    ...(subresource !== undefined && { subresource }),
  };
}

/**
 * Whether a patch takes fields over that others own.
 *
 * @throws StatusError 422 when an apply names no manager, or another patch asks for force.
 */
export function forceOf({ query }: ApiRequest, type: PatchType): boolean {
  const force = query.get('force');
  if (type === 'apply') {
    if (!query.get('fieldManager'))
      throw invalidOption('fieldManager', 'Required value: is required for apply patch');
    return force === 'true' || force === '1' || force === '';
  }
  if (force !== null) throw invalidOption('force', 'Forbidden: may not be specified for non-apply patch');
  return false;
}

/** What `DeleteOptions` say, in the terms of the operations. */
export interface Deletion {
  propagation?: 'Foreground' | 'Background' | 'Orphan';
  uid?: string;
  resourceVersion?: string;
  dryRun?: boolean;
  gracePeriodSeconds?: number;
}

/**
 * Reads the options of a deletion from the body, or from the query where there is none.
 *
 * @param body `DeleteOptions`.
 * @throws StatusError 422 for values that do not exist, 400 for those of another type.
 */
export function deletionOptions(query: URLSearchParams, body: JsonObject | undefined): Deletion {
  const preconditions = isObject(body?.preconditions) ? body.preconditions : {};
  const dryRun = Array.isArray(body?.dryRun) ? body.dryRun.map(String) : query.getAll('dryRun');
  const grace = body?.gracePeriodSeconds ?? numeric(query.get('gracePeriodSeconds'));
  const orphan = body?.orphanDependents ?? query.get('orphanDependents');
  const propagation = propagationOf(body?.propagationPolicy ?? query.get('propagationPolicy'), orphan);
  const { uid, resourceVersion } = preconditions;
  if (grace !== undefined && (typeof grace !== 'number' || !Number.isInteger(grace))) {
    throw badRequest('gracePeriodSeconds is not a whole number');
  }
  return {
    ...(propagation !== undefined && { propagation }),
    ...(typeof uid === 'string' && { uid }),
    ...(typeof resourceVersion === 'string' && { resourceVersion }),
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    dryRun: isDryRun(dryRun),
  };
}

const propagations = ['Foreground', 'Background', 'Orphan'] as const;

function propagationOf(policy: unknown, orphan: unknown): Deletion['propagation'] {
  if (policy === undefined || policy === null || policy === '') {
    if (orphan === undefined || orphan === null) return undefined;
    return String(orphan) === 'true' ? 'Orphan' : 'Background';
  }
  const known = propagations.find((one) => one === policy);
  if (known !== undefined) return known;
  const supported = propagations.map((one) => `"${one}"`).join(', ');
  throw invalidOption('propagationPolicy', `Unsupported value: "${policy}": supported values: ${supported}`);
}

function numeric(value: string | null): number | undefined {
  return value === null || value === '' ? undefined : Number(value);
}

function isDryRun(values: readonly string[]): boolean {
  const unknown = values.find((value) => value !== 'All' && value !== '');
  if (unknown !== undefined)
    throw invalidOption('dryRun', `Unsupported value: "${unknown}": supported values: "All"`);
  return values.includes('All');
}

function invalidOption(field: string, message: string) {
  return invalid({ group: 'meta.k8s.io', kind: 'WriteOptions' }, '', [
    { reason: 'FieldValueInvalid', field, message },
  ]);
}
