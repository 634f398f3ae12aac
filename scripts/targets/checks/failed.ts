import { ApiError } from '../../../fixtures/cluster/errors.ts';
import { Unclear } from '../../../fixtures/unclear.ts';
import { isForeseen } from '../../lib/foreseen.ts';
import { type Finding, unfit } from './check.ts';

/**
 * What a look comes to that failed itself: a run takes the same look, and could not be made either.
 *
 * @param name what was looked at.
 */
export function failed(name: string, error: unknown): Finding {
  if (error instanceof Unclear) return unfit(error.found, error.todo);
  const said = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  if (isForeseen(error)) return { verdict: 'unfit', found: said };
  return unfit(
    `It could not be seen how it is with ${name} (${said})`,
    error instanceof ApiError ? 'find out why the API server answers so' : 'please report this line',
  );
}
