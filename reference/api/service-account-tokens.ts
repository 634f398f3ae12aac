import { randomBytes } from 'node:crypto';
import { serviceAccountUser, type User } from '../authorization/user.ts';
import { isObject, type JsonObject } from '../store/json.ts';
import { invalid, type StatusCause } from '../store/status-error.ts';
import type { Store } from '../store/store.ts';

const byDefaultSeconds = 3600;
const shortestSeconds = 600;
const longestSeconds = 2 ** 32;

interface Issued {
  namespace: string;
  name: string;
  uid: string | undefined;
  expires: number;
}

/**
 * The tokens of service accounts, as `kubectl create token` asks for them (subresource `serviceaccounts/token`,
 * authentication.k8s.io/v1 TokenRequest). One is good until its time is over or its account is gone. Clients may not
 * look into tokens, so these say nothing.
 */
export class ServiceAccountTokens {
  private readonly issued = new Map<string, Issued>();
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /**
   * @returns the request with its answer.
   * @throws StatusError 422 for a time that is too short or too long.
   */
  issue(
    account: { namespace: string; name: string; uid: string | undefined },
    request: JsonObject,
  ): JsonObject {
    const spec = isObject(request.spec) ? request.spec : {};
    const { expirationSeconds = byDefaultSeconds } = spec;
    const seconds = Number(expirationSeconds);
    const problems = timeProblems(seconds);
    if (problems.length > 0) {
      throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, account.name, problems);
    }
    const token = randomBytes(32).toString('base64url');
    const expires = Date.now() + seconds * 1000;
    this.issued.set(token, { ...account, expires });
    return {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { name: account.name, namespace: account.namespace },
      spec: { ...spec, expirationSeconds: seconds },
      status: { token, expirationTimestamp: `${new Date(expires).toISOString().slice(0, 19)}Z` },
    };
  }

  /** Whose token it is; undefined when it is nobody's any more. */
  userOf(token: string): User | undefined {
    const issued = this.issued.get(token);
    if (issued === undefined || issued.expires < Date.now()) return undefined;
    const { namespace, name, uid } = issued;
    const account = this.store.find('ServiceAccount', name, namespace);
    return account?.metadata.uid === uid ? serviceAccountUser(namespace, name) : undefined;
  }
}

/** In the words of kubernetes `pkg/apis/authentication/validation/validation.go`. */
function timeProblems(seconds: number): StatusCause[] {
  const why =
    seconds < shortestSeconds
      ? 'may not specify a duration less than 10 minutes'
      : seconds > longestSeconds
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (why === undefined) return [];
  const message = `Invalid value: ${seconds}: ${why}`;
  return [{ reason: 'FieldValueInvalid', field: 'spec.expirationSeconds', message }];
}
