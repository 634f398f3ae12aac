import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', '..', 'fidelity', 'recorded', 'api-validation-native-crds.txt');

/** What kubectl printed for each policy that was tried on a real cluster, by what was odd about the policy. */
export function recordedOutputs(): Map<string, string> {
  const [, ...sections] = readFileSync(file, 'utf8').split(/^# /m);
  return new Map(
    sections.map((section) => {
      const lines = section.split('\n');
      return [lines[0] ?? '', lines.slice(1).join('\n').trim()];
    }),
  );
}

const allow = (http: unknown) => ({ ingress: [{ action: 'Allow', http }] });
const path = (entry: unknown) => allow({ methods: ['GET'], paths: [entry] });

/** The spec of each of those policies, beside its selector. The one of an unserved group is no matter of admission. */
export const specs: Record<string, object> = {
  'methods lower-case get': allow({ methods: ['get'] }),
  'method FOO': allow({ methods: ['FOO'] }),
  'method *': allow({ methods: ['*'] }),
  'duplicate methods': allow({ methods: ['GET', 'GET'] }),
  'path with exact and prefix both': path({ exact: '/', prefix: '/static' }),
  'path regex field': path({ regex: '/.*' }),
  'path with query': path({ exact: '/?x=1' }),
  'path with fragment': path({ exact: '/#frag' }),
  'path without slash': path({ exact: 'static' }),
  'empty path entry': path({}),
  'empty http': allow({}),
  'http on Deny rule': { ingress: [{ action: 'Deny', http: { methods: ['GET'] } }] },
  'http with protocol UDP': { ingress: [{ action: 'Allow', protocol: 'UDP', http: { methods: ['GET'] } }] },
  'http with protocol TCP and port': {
    ingress: [
      { action: 'Allow', protocol: 'TCP', destination: { ports: [8080] }, http: { methods: ['GET'] } },
    ],
  },
  'methods not a list': allow({ methods: 'GET' }),
  'action lower-case allow': { ingress: [{ action: 'allow' }] },
  'unknown field': { ingress: [{ action: 'Allow', htttp: { methods: ['GET'] } }] },
  'http in egress': { egress: [{ action: 'Allow', http: { methods: ['GET'] } }] },
  'selector typo': { selector: "app == 'frontend" },
};
