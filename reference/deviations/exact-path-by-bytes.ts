import { withoutQuery } from '../calico/path.ts';
import { deviation } from './deviation.ts';

export const exactPathByBytes = deviation({
  name: 'exact-path-by-bytes',
  product: 'calico',
  versions: '>=3.24.0-0 <3.31.6-0',
  link: 'https://github.com/projectcalico/calico/pull/12533',
  story:
    'An exact path is compared byte by byte, so that //, /./ and /%2F are not /, nor /foo/ the same as /foo.',
  rules: {
    exactPathMatches: (rulePath: string, path: string): boolean => withoutQuery(path) === rulePath,
  },
});
