import type { Principal } from '../calico/rules/identity.ts';
import { deviation } from './deviation.ts';

export const unidentifiedPrincipalDenied = deviation({
  name: 'unidentified-principal-denied',
  product: 'calico',
  versions: '>=3.24.0-0 <3.30.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.24.1/app-policy/checker/check.go#L55',
  story:
    'A request with a certificate that names no service account is denied, also where no policy asks for one.',
  rules: {
    refusesPrincipal: (principal: Principal): boolean => principal.kind === 'unidentified',
  },
});
