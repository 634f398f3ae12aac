import type { StatusCause } from '../store/status-error.ts';

/** A value that Calico's own API server refuses. */
export function fieldProblem(field: string, value: unknown, why: string): StatusCause {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}
