import { expect, test } from '@playwright/test';
import { Calico } from '../../../reference/calico/calico.ts';
import { calicoRules } from '../../../reference/rules/calico.ts';
import { addresses, parseAsk, policy, storeOf } from './world.ts';

const felix = {
  apiVersion: 'projectcalico.org/v3',
  kind: 'FelixConfiguration',
  metadata: { name: 'default' },
  spec: { policySyncPathPrefix: '/var/run/nodeagent' },
};

const denial = policy({ types: ['Ingress'] }, { name: 'deny' });
const { request } = parseAsk('ma/alice /');
const connection = {
  source: addresses['ma/alice']!,
  sourceIsHost: false,
  destination: addresses['srv/echo']!,
  port: 8080,
};

/** Resolves when a change is in force somewhere. */
function changed(calico: Calico): Promise<void> {
  return new Promise((resolve) => {
    const stop = calico.changed(() => {
      stop();
      resolve();
    });
  });
}

test('each layer hears of a change in its own time', async () => {
  const store = storeOf([felix]);
  const calico = new Calico(store, calicoRules, { l4PropagationMs: 5, l7PropagationMs: 60, syncMs: 0 });
  const client = await new Promise<ReturnType<Calico['sync']>>((resolve) => {
    const client = calico.sync(store.find('Pod', 'echo', 'srv')!, () => resolve(client));
  });
  const now = () => [calico.permits(connection), client.check(request)];
  const seen = [now()];
  for (const change of [
    () => store.create(denial),
    () => store.remove('GlobalNetworkPolicy.projectcalico.org', 'deny'),
  ]) {
    change();
    seen.push(now());
    await changed(calico);
    seen.push(now());
    await changed(calico);
    seen.push(now());
  }
  expect(seen).toEqual([
    [true, 'OK'],
    [true, 'OK'],
    [false, 'OK'],
    [false, 'PERMISSION_DENIED'],
    [false, 'PERMISSION_DENIED'],
    [true, 'PERMISSION_DENIED'],
    [true, 'OK'],
  ]);
  client.close();
  calico.close();
});

test('changes of labels, addresses and service accounts are followed too', async () => {
  const store = storeOf([
    policy({ ingress: [{ action: 'Allow', source: { serviceAccounts: { selector: "role == 'reader'" } } }] }),
  ]);
  const calico = new Calico(store, calicoRules, { l4PropagationMs: 1, l7PropagationMs: 2 });
  const both = async (change: () => void) => {
    change();
    await changed(calico);
    await changed(calico);
    return calico.permits(connection);
  };
  const pod = store.find('Pod', 'alice', 'ma')!;
  expect(calico.permits(connection)).toBe(true);
  const set = (role: string) => () =>
    void store.change('ServiceAccount', 'alice', 'ma', ({ metadata }) => {
      metadata.labels = { role };
    });
  expect(await both(set('writer'))).toBe(false);
  expect(await both(set('reader'))).toBe(true);
  const status = (status: Record<string, unknown>) => () =>
    void store.change('Pod', 'alice', 'ma', (draft) => {
      draft.status = status;
    });
  expect(await both(status({ phase: 'Running', podIP: '10.0.2.7' }))).toBe(false);
  expect(await both(status(pod.status as Record<string, unknown>))).toBe(true);
  expect(await both(status({ phase: 'Succeeded', podIP: '10.0.2.1' }))).toBe(false);
  calico.close();
});

test('changes that a layer does not take never get there', async () => {
  const rules = { ...calicoRules, takesChange: (_: string, layer: string) => layer === 'L7' };
  const store = storeOf([]);
  const calico = new Calico(store, rules, { propagationMs: 1 });
  store.create(denial);
  await changed(calico);
  expect(calico.permits(connection)).toBe(true);
  calico.close();
});

test('what is not closed is told, what is closed is not', async () => {
  const store = storeOf([]);
  const calico = new Calico(store, calicoRules, { propagationMs: 1 });
  // The change that is waited for is that of L4: either layer could be first.
  const other = new Calico(store, calicoRules, { l4PropagationMs: 20, l7PropagationMs: 60_000 });
  let told = 0;
  calico.changed(() => {
    told += 1;
  });
  store.create(denial);
  calico.close();
  await changed(other);
  expect(told).toBe(0);
  expect(calico.permits(connection)).toBe(true);
  expect(other.permits(connection)).toBe(false);
  other.close();
});
