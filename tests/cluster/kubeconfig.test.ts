import { mkdirSync, writeFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { test as base, expect } from '@playwright/test';
import { stringify } from 'yaml';
import { loadKubeConfig } from '../../fixtures/cluster/kubeconfig.ts';
import { UsageError } from '../../fixtures/usage-error.ts';

/** Writes a file into the test's own folder and gives back its path. */
const test = base.extend<{ write: (name: string, content: unknown) => string }>({
  write: async ({}, use, info) => {
    await use((name, content) => {
      const file = info.outputPath(name);
      writeFileSync(file, typeof content === 'string' ? content : stringify(content));
      return file;
    });
  },
});

const nothingAround = { env: {}, home: '/nonexistent', root: '/nonexistent' };

function config(change: Record<string, unknown> = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.1:6443' } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u' } },
      { name: 'two', context: { cluster: 'c', user: 'u' } },
    ],
    'current-context': 'one',
    ...change,
  };
}

test('the named context is selected, whatever the current one is', ({ write }) => {
  const loaded = loadKubeConfig({ kubeconfig: write('config', config()), context: 'two' });
  expect(loaded.getCurrentContext()).toBe('two');
  expect(loaded.getCurrentCluster()?.server).toBe('https://192.0.2.1:6443');
});

const refused: [title: string, content: unknown, context: string | undefined, message: RegExp][] = [
  ['a context that is not named', config(), undefined, /--context.*current-context.*one, two/],
  ['an empty context name', config(), '', /--context.*one, two/],
  ['an unknown context', config(), 'three', /"three".*which has: one, two/],
  ['a file that is not YAML', 'clusters: [', 'one', /is not valid YAML/],
  ['a file that is not a kubeconfig', 'just text', 'one', /is not a kubeconfig/],
  ['an empty file', '', 'one', /is not a kubeconfig/],
  ['a list of clusters that is none', config({ clusters: 'c' }), 'one', /is not a kubeconfig.*clusters/],
  ['no clusters', config({ clusters: [] }), 'one', /defines no cluster/],
  ['clusters that are null', config({ clusters: null }), 'one', /defines no cluster/],
  [
    'a context whose cluster is missing',
    config({ clusters: [{ name: 'other', cluster: { server: 'https://192.0.2.1' } }] }),
    'one',
    /cluster "c".*does not define/,
  ],
  [
    'a cluster without a server',
    config({
      clusters: [
        { name: 'c', cluster: {} },
        { name: 'd', cluster: { server: 'https://192.0.2.1' } },
      ],
    }),
    'one',
    /cluster "c".*with a server/,
  ],
  [
    'a server that is not a URL',
    config({ clusters: [{ name: 'c', cluster: { server: '192.0.2.1' } }] }),
    'one',
    /"192.0.2.1" for its server, not a URL/,
  ],
  ['a context whose user is missing', config({ users: [] }), 'one', /user "u".*does not define/],
  [
    'a context without a user',
    config({ contexts: [{ name: 'one', context: { cluster: 'c' } }] }),
    'one',
    /user "".*does not define/,
  ],
  [
    'a certificate file that does not exist',
    config({
      clusters: [
        { name: 'c', cluster: { server: 'https://192.0.2.1', 'certificate-authority': 'gone.crt' } },
      ],
    }),
    'one',
    /needs the file .*gone\.crt, which does not exist/,
  ],
];

for (const [title, content, context, message] of refused) {
  test(`wrong usage: ${title}`, ({ write }) => {
    const kubeconfig = write('config', content);
    const load = () => loadKubeConfig({ kubeconfig, context });
    expect(load).toThrow(UsageError);
    expect(load).toThrow(message);
  });
}

test('wrong usage: a file that does not exist', () => {
  const load = () => loadKubeConfig({ kubeconfig: '/nonexistent/config', context: 'one' });
  expect(load).toThrow(UsageError);
  expect(load).toThrow('There is no kubeconfig at /nonexistent/config');
});

test('wrong usage: a folder in place of a file', ({}, info) => {
  mkdirSync(info.outputPath('config'), { recursive: true });
  const load = () => loadKubeConfig({ kubeconfig: info.outputPath('config'), context: 'one' });
  expect(load).toThrow(UsageError);
  expect(load).toThrow(/cannot be read \(EISDIR\)/);
});

test('wrong usage: no kubeconfig anywhere', () => {
  const load = () => loadKubeConfig({ context: 'one' }, nothingAround);
  expect(load).toThrow(UsageError);
  expect(load).toThrow('There is no kubeconfig at /nonexistent/.kube/config');
});

test('entries that the context does not use may be incomplete', ({ write }) => {
  const broken = { name: 'broken', context: {} };
  const file = write('config', config({ contexts: [...config().contexts, broken] }));
  expect(loadKubeConfig({ kubeconfig: file, context: 'one' }).getCurrentContext()).toBe('one');
});

test('files named in a kubeconfig are relative to it', ({ write }, info) => {
  write('ca.crt', 'ca');
  const clusters = [
    { name: 'c', cluster: { server: 'https://192.0.2.1', 'certificate-authority': 'ca.crt' } },
  ];
  const loaded = loadKubeConfig({ kubeconfig: write('config', config({ clusters })), context: 'one' });
  expect(loaded.getCurrentCluster()?.caFile).toBe(info.outputPath('ca.crt'));
});

test('KUBECONFIG may list several files: missing ones are skipped, and the first definition wins', ({
  write,
}) => {
  const first = write('first', config({ contexts: [{ name: 'one', context: { cluster: 'c', user: 'u' } }] }));
  const second = write(
    'second',
    config({ clusters: [{ name: 'c', cluster: { server: 'https://198.51.100.1' } }] }),
  );
  const env = { KUBECONFIG: `/nonexistent/config:${first}:${second}` };
  const loaded = loadKubeConfig({ context: 'two' }, { ...nothingAround, env });
  expect(loaded.getCurrentCluster()?.server).toBe('https://192.0.2.1:6443');
});

test('a file that is named explicitly wins over KUBECONFIG', ({ write }) => {
  const env = { KUBECONFIG: '/nonexistent/config' };
  const kubeconfig = write('config', config());
  expect(loadKubeConfig({ kubeconfig, context: 'one' }, { ...nothingAround, env })).toBeInstanceOf(
    KubeConfig,
  );
});

test.describe('inside a pod without a kubeconfig', () => {
  const env = { KUBERNETES_SERVICE_HOST: '192.0.2.1', KUBERNETES_SERVICE_PORT: '443' };
  const before = { ...process.env };
  // client-node reads the address from the process itself.
  test.beforeEach(() => void Object.assign(process.env, env));
  test.afterEach(() => {
    process.env = { ...before };
  });

  const account = 'var/run/secrets/kubernetes.io/serviceaccount';
  const inPod = (root: string) => ({ env, home: '/nonexistent', root });

  test('the service account is used', ({ write }, info) => {
    mkdirSync(info.outputPath(account), { recursive: true });
    write(`${account}/token`, 'token');
    write(`${account}/namespace`, 'runs');
    const loaded = loadKubeConfig({}, inPod(info.outputPath()));
    expect(loaded.getCurrentCluster()?.server).toBe('https://192.0.2.1:443');
    expect(loaded.getContexts()[0]?.namespace).toBe('runs');
  });

  test('a named context is wrong usage', () => {
    const load = () => loadKubeConfig({ context: 'one' }, inPod('/nonexistent'));
    expect(load).toThrow(UsageError);
    expect(load).toThrow(/only the service account of this pod/);
  });
});
