import { applyPatch, type Operation } from 'rfc6902';
import { isObject } from './json.ts';
import { badRequest, StatusError } from './status-error.ts';

/**
 * Applies a JSON patch (RFC 6902) to a copy of a value.
 *
 * @throws StatusError BadRequest when it is no patch; Invalid when one of its operations, such as a test, fails
 *   (worded as in `apiserver/pkg/endpoints/handlers/patch.go`, which says no more than that).
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isOperation)) {
    throw badRequest('a JSON patch is a list of operations, each with an op and a path');
  }
  const patched = structuredClone(target);
  for (const operation of patch) {
    if (!succeeds(patched, operation)) throw failed();
  }
  return patched;
}

function succeeds(target: unknown, operation: Operation): boolean {
  try {
    return applyPatch(target, [operation])[0] === null;
  } catch {
    // A path through a scalar ends in a TypeError of the library.
    return false;
  }
}

function isOperation(value: unknown): value is Operation {
  return isObject(value) && typeof value.op === 'string' && typeof value.path === 'string';
}

function failed(): StatusError {
  const message = 'the server rejected our request due to an error in our request';
  return new StatusError(422, 'Invalid', message, {});
}
