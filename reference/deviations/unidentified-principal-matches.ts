import { deviation } from './deviation.ts';

export const unidentifiedPrincipalMatches = deviation({
  name: 'unidentified-principal-matches',
  product: 'calico',
  versions: '>=3.30.0-0',
  link: 'https://github.com/projectcalico/calico/blob/v3.32.1/app-policy/checker/match.go#L169',
  story:
    'A certificate that names no service account satisfies every clause about service accounts and namespaces, so that the address alone decides.',
  rules: {
    matchesWithoutAccount: (_principal: 'absent' | 'unidentified'): boolean => true,
  },
});
