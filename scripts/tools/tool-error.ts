/** A program that a run needs cannot be had; the message says what to do. */
export class ToolError extends Error {
  override name = 'ToolError';
}
