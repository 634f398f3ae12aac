import { expect, test } from '@playwright/test';
import { difference, kindOf } from '../../fixtures/dikastes/difference.ts';
import { marked } from '../../fixtures/dikastes/marker.ts';
import type { Message } from '../../fixtures/dikastes/protocol/messages.ts';
import { toPolicySync } from '../../fixtures/dikastes/translate/translate.ts';
import { Random } from './random.ts';
import { scenario } from './scenarios.ts';
import { allowPath, policy, workload, world } from './world.ts';

const selecting = (selector: string) =>
  policy('s', {
    selector: "app == 'echo'",
    types: ['Ingress'],
    ingress: [{ action: 'Allow', source: { selector } }],
  });
const snapshot = (...policies: ReturnType<typeof policy>[]) =>
  toPolicySync([...world, ...policies], workload, 'v3.32.1');

test('nothing is said where nothing changed', () => {
  expect(difference(snapshot(allowPath('p', '/')), snapshot(allowPath('p', '/')))).toEqual([]);
});

test('what is new comes before the workload, what is gone after it', () => {
  const changes = difference(snapshot(selecting("app == 'client'")), snapshot(allowPath('p', '/')));
  expect(changes.map(kindOf)).toEqual([
    'activePolicyUpdate',
    'workloadEndpointUpdate',
    'activePolicyRemove',
    'ipsetRemove',
  ]);
});

test('a policy that changes is given its new sets first, and its old ones are taken last', () => {
  const changes = difference(snapshot(selecting("app == 'client'")), snapshot(selecting("app == 'echo'")));
  expect(changes.map(kindOf)).toEqual(['ipsetUpdate', 'activePolicyUpdate', 'ipsetRemove']);
});

test('whoever applies the differences one after the other knows what the last snapshot says', () => {
  for (const release of ['v3.24.1', 'v3.29.7', 'v3.32.1']) {
    const random = new Random(7);
    let before: Message[] = [];
    const known = new Map<string, Message>();
    for (let step = 0; step < 60; step++) {
      const { objects, workload: pod } = scenario(random.below(1_000), '3.32');
      const after = marked(toPolicySync(objects, pod, release), release);
      for (const message of difference(before, after.messages)) {
        apply(known, message);
        const dangling = danglingIn(known);
        if (dangling.length > 0) expect(dangling, `${release}, step ${step}`).toEqual([]);
      }
      expect(sorted([...known.values()])).toEqual(sorted(after.messages));
      before = after.messages;
    }
  }
});

/** What a Dikastes would keep. */
function apply(known: Map<string, Message>, message: Message): void {
  const kind = kindOf(message);
  const { id } = Object.values(message)[0] as { id?: unknown };
  const subject = kind.startsWith('workload')
    ? 'workload'
    : `${kind.replace(/Update$|Remove$/, '')} ${JSON.stringify(id)}`;
  if (kind.endsWith('Remove')) known.delete(subject);
  else known.set(subject, message);
}

/** Ids that something refers to and that nothing has: old releases die of them. */
function danglingIn(known: ReadonlyMap<string, Message>): string[] {
  const messages = [...known.values()];
  const sets = new Set(
    messages.flatMap((message) => ('ipsetUpdate' in message ? [message.ipsetUpdate.id] : [])),
  );
  const used = messages.flatMap((message) =>
    'activePolicyUpdate' in message
      ? [...(message.activePolicyUpdate.policy.inboundRules ?? [])].flatMap((rule) =>
          Object.entries(rule).flatMap(([field, value]) =>
            field.endsWith('SetIds') ? (value as string[]) : [],
          ),
        )
      : [],
  );
  const profiles = new Set(
    messages.flatMap((message) =>
      'activeProfileUpdate' in message ? [message.activeProfileUpdate.id.name] : [],
    ),
  );
  const policies = new Set(
    messages.flatMap((message) =>
      'activePolicyUpdate' in message ? [message.activePolicyUpdate.id.name] : [],
    ),
  );
  const endpoints = messages.flatMap((message) =>
    'workloadEndpointUpdate' in message ? [message.workloadEndpointUpdate.endpoint] : [],
  );
  return [
    ...used.filter((id) => !sets.has(id)),
    ...endpoints.flatMap(({ profileIds }) => profileIds.filter((id) => !profiles.has(id))),
    ...endpoints.flatMap(({ tiers = [] }) =>
      tiers
        .flatMap(({ ingressPolicies = [] }) => ingressPolicies)
        .map((id) => (typeof id === 'string' ? id : id.name))
        .filter((name) => !policies.has(name)),
    ),
  ];
}

function sorted(messages: readonly Message[]): string[] {
  return messages.map((message) => JSON.stringify(message)).sort();
}
