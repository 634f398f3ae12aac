import { expect, test } from '@playwright/test';
import { runbook } from '../../scripts/runbook/index.ts';

test("the steps are the tutorial's, in its order and wording, with the suite's own in their places", () => {
  expect(runbook.map(({ title }) => title)).toEqual([
    'Microservices demo',
    'Microservices demo: pause the load generator',
    'Installing Istio',
    'Access logs for the gateway and the front end',
    'PeerAuthentication',
    'Application layer policy',
    'Sidecar injector',
    'Calico service mesh authorization',
    'Routing the traffic with Istio',
    'Determining the ingress IP and ports',
    'Automatic sidecar injection',
    'Sandboxes for the probes',
  ]);
});

for (const step of runbook) {
  test(`"${step.title}" says what it changes, and how it is found, done and verified`, () => {
    expect(step.changes).toMatch(/^[a-z].*[^.]$/);
    for (const part of [step.present, step.apply, step.verify]) expect(part).toBeInstanceOf(Function);
  });
}
