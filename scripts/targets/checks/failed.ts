import { Unclear } from '../../../fixtures/unclear.ts';
import { adviceFor, sentenceFor, withoutStop } from '../../lib/foreseen.ts';
import { type Finding, unfit } from './check.ts';

/**
 * What a look comes to that failed itself: a run takes the same look, and could not be made either.
 *
 * @param name what was looked at.
 */
export function failed(name: string, error: unknown): Finding {
  if (error instanceof Unclear) return unfit(error.found, error.todo);
  const todo = adviceFor(error);
  const sentence = sentenceFor(error);
  if (sentence !== undefined && todo === undefined) return { verdict: 'unfit', found: withoutStop(sentence) };
  const said = withoutStop(error instanceof Error ? error.message : String(error));
  return unfit(`It could not be seen how it is with ${name} (${said})`, todo ?? 'please report this line');
}
