import { expect, test } from '@playwright/test';
import type { InjectionCandidate } from '../../../reference/istio/injection.ts';
import { istioRules } from '../../../reference/rules/istio.ts';

const enabled = { 'istio-injection': 'enabled' };
const disabled = { 'istio-injection': 'disabled' };
const yes = { 'sidecar.istio.io/inject': 'true' };
const no = { 'sidecar.istio.io/inject': 'false' };
const revision = { 'istio.io/rev': 'default' };

const rows: [what: string, candidate: Partial<InjectionCandidate>, injected: boolean][] = [
  ['nothing said', {}, false],
  ['a labelled namespace', { namespaceLabels: enabled }, true],
  ['a labelled namespace and a pod that forbids it', { namespaceLabels: enabled, podLabels: no }, false],
  [
    'a labelled namespace and an annotation that forbids it',
    { namespaceLabels: enabled, podAnnotations: no },
    false,
  ],
  ['a pod that asks for it', { podLabels: yes }, true],
  ['a pod whose label asks and whose annotation forbids', { podLabels: yes, podAnnotations: no }, true],
  ['an annotation that asks for it', { podAnnotations: yes }, false],
  ['a namespace that forbids it and a pod that asks', { namespaceLabels: disabled, podLabels: yes }, false],
  ['a namespace with the revision', { namespaceLabels: revision }, true],
  ['a pod with the revision', { podLabels: revision }, true],
  ['a revision that is not there', { namespaceLabels: { 'istio.io/rev': 'canary' } }, false],
  [
    'a namespace with the revision that the injector is of',
    { namespaceLabels: { 'istio.io/rev': 'canary' }, askedBy: 'canary', byDefault: false },
    true,
  ],
  [
    'a labelled namespace, and a revision',
    { namespaceLabels: enabled, askedBy: 'canary', byDefault: false },
    false,
  ],
  ['a pod that asks for it, and a revision', { podLabels: yes, askedBy: 'canary', byDefault: false }, false],
  ['a pod on the host network', { namespaceLabels: enabled, podLabels: yes, hostNetwork: true }, false],
  ['kube-system, labelled', { namespace: 'kube-system', namespaceLabels: enabled, podLabels: yes }, false],
  ['istio-system, labelled', { namespace: 'istio-system', namespaceLabels: enabled }, false],
  ['a pod in istio-system that asks for it', { namespace: 'istio-system', podLabels: yes }, true],
];

for (const [what, candidate, injected] of rows) {
  test(`${what}: ${injected ? 'injected' : 'not injected'}`, () => {
    const base = {
      namespace: 'shop',
      namespaceLabels: {},
      podLabels: {},
      podAnnotations: {},
      hostNetwork: false,
    };
    expect(istioRules.injects({ ...base, ...candidate })).toBe(injected);
  });
}

test('a pod gets the templates that it lists in their order, else the default ones', () => {
  expect(istioRules.templatesFor('sidecar, dikastes', ['sidecar'])).toEqual(['sidecar', 'dikastes']);
  expect(istioRules.templatesFor(undefined, ['sidecar'])).toEqual(['sidecar']);
});
