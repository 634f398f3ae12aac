import type { HttpMatch, HttpPath } from '../calico/policy.ts';
import type { StatusCause } from '../store/status-error.ts';
import { fieldProblem } from './field-problem.ts';

/** What Calico's API server has against an HTTP clause (calico `libcalico-go/lib/validator/v3/validator.go`). */
export function httpMatchProblems({ methods = [], paths = [] }: HttpMatch, field: string): StatusCause[] {
  const repeated = methods.filter((method, index) => methods.indexOf(method) !== index);
  return [
    ...(repeated.length === 0
      ? []
      : [fieldProblem(`${field}.methods`, methods, `${repeated[0]} is listed more than once`)]),
    ...paths.flatMap((path, index) => {
      const why = pathProblem(path);
      return why === undefined ? [] : [fieldProblem(`${field}.paths[${index}]`, path, why)];
    }),
  ];
}

function pathProblem({ exact = '', prefix = '' }: HttpPath): string | undefined {
  if (exact !== '' && prefix !== '') return 'exact and prefix exclude each other';
  const path = exact + prefix;
  if (path === '') return 'one of exact and prefix is needed';
  if (!path.startsWith('/')) return 'a path begins with a slash';
  return /[?# ]/.test(path) ? 'a path has no query, fragment or space' : undefined;
}
