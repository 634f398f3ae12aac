import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { suites } from './alerts.ts';
import type { Identity } from './certificates.ts';

const contexts = new WeakMap<Identity, Map<string | undefined, SecureContext>>();
const nobody: Identity = { cert: '', key: '', trust: '' };

/**
 * What a TLS connection of an identity is made with. Contexts are costly to make, so there is one for each identity and
 * those it trusts.
 *
 * @param trust PEM of the authorities.
 */
export function contextOf(identity: Identity | undefined, trust: string | undefined): SecureContext {
  const known = contexts.get(identity ?? nobody) ?? new Map<string | undefined, SecureContext>();
  contexts.set(identity ?? nobody, known);
  const context = known.get(trust) ?? createSecureContext(contextOptions(identity, trust));
  known.set(trust, context);
  return context;
}

function contextOptions(identity: Identity | undefined, trust: string | undefined): SecureContextOptions {
  return {
    minVersion: 'TLSv1.2',
    ciphers: [...Object.keys(suites), 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'].join(
      ':',
    ),
    // A resumed session would show no certificate to judge.
    secureOptions: constants.SSL_OP_NO_TICKET,
    ...(identity === undefined ? {} : { cert: identity.cert, key: identity.key }),
    ...(trust === undefined ? {} : { ca: trust }),
  };
}
