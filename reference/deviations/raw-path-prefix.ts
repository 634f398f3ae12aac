import { withoutQuery } from '../calico/path.ts';
import { deviation } from './deviation.ts';

export const rawPathPrefix = deviation({
  name: 'raw-path-prefix',
  product: 'calico',
  versions: '>=3.24.0-0 <3.31.6-0',
  link: 'https://github.com/projectcalico/calico/pull/12533',
  story:
    'A prefix is compared with the path as it came: /pub matches /public, and /static/../cart or an encoded form of it passes for /static.',
  rules: {
    prefixPathMatches: (rulePath: string, path: string): boolean => withoutQuery(path).startsWith(rulePath),
  },
});
