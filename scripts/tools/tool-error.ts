import { Unclear } from '../../fixtures/unclear.ts';

/** A program that a run needs cannot be had. */
export class ToolError extends Unclear {
  override name = 'ToolError';
}
