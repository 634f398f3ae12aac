import { badRequest } from '../store/status-error.ts';

/** Where a list that came in part goes on. */
export interface ContinueToken {
  /** All pages show the state at this revision. */
  revision: number;
  /** The place of the last object sent. */
  after: string;
}

/** The token as the client gets it, which must not mean anything to it. */
export function encodeContinue({ revision, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString(
    'base64url',
  );
}

/** @throws StatusError 400 for what no server gave out. */
export function decodeContinue(token: string): ContinueToken {
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString()) as { rv: unknown; start: unknown };
    if (typeof value.rv === 'number' && typeof value.start === 'string') {
      return { revision: value.rv, after: value.start };
    }
  } catch {
    // Falls through to the same refusal.
  }
  throw badRequest('continue key is not valid');
}
