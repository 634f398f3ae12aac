import type { CheckStatus } from '../../fixtures/policy-case/model.ts';

/** What Envoy asks Dikastes about (envoy `service/auth/v3`, the attributes that Dikastes reads). */
export type { CheckStatus, Question as CheckRequest } from '../../fixtures/policy-case/model.ts';

/** What Envoy gets: an answer of Dikastes, or none because nothing listens on its socket. */
export type CheckResult = CheckStatus | 'no answer';
