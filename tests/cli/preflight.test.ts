import { expect } from '@playwright/test';
import { ForbiddenError, UnauthorizedError } from '../../fixtures/cluster/errors.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { conform } from '../../scripts/lib/conform.ts';
import { type ClusterOptions, readOptions } from '../../scripts/lib/options.ts';
import { UnfitError } from '../../scripts/targets/preflight.ts';
import type { FakeApi } from '../cluster/fake-api.ts';
import { rejection } from '../cluster/fixture.ts';
import { test } from './fixture.ts';
import {
  allow,
  calicoNode,
  changes,
  give,
  giveList,
  injectorOf,
  istiodOf,
  object,
  paths,
  refuseEverything,
  remove,
} from './sound-cluster.ts';

// Processes take a second to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

const withoutIstioctl = ['--istioctl', 'no-such-istioctl'];

/** What makes a sound cluster unfit, and the beginning or heart of the sentence that says so. */
const unfit: [what: string, spoil: (api: FakeApi) => void, sentence: RegExp][] = [
  [
    "without Calico's v3 API",
    (api) => remove(api, '/apis/projectcalico.org/v3'),
    /does not serve projectcalico\.org\/v3 GlobalNetworkPolicy: install Calico's API server/,
  ],
  [
    'without FelixConfiguration in that API',
    (api) =>
      api.kinds('projectcalico.org/v3', { GlobalNetworkPolicy: 'globalnetworkpolicies' }, [
        'GlobalNetworkPolicy',
      ]),
    /does not serve projectcalico\.org\/v3 FelixConfiguration/,
  ],
  ["without Calico's CSI driver", (api) => remove(api, paths.csiDriver), /no CSI driver csi\.tigera\.io/],
  [
    'with a ztunnel',
    (api) =>
      giveList(
        api,
        paths.daemonSets,
        calicoNode,
        object('apps/v1', 'DaemonSet', 'ztunnel', {
          metadata: { name: 'ztunnel', namespace: 'istio-system', labels: { app: 'ztunnel' } },
          spec: { template: { spec: { containers: [] } } },
        }),
      ),
    /runs in ambient mode/,
  ],
  [
    'whose namespace default is in ambient mode',
    (api) =>
      give(api, paths.namespace, {
        ...object('v1', 'Namespace', 'default'),
        metadata: { name: 'default', labels: { 'istio.io/dataplane-mode': 'ambient' } },
      }),
    /runs in ambient mode/,
  ],
  ...['frontend-deny', 'frontend-allow-homepage', 'frontend-deny-first'].map(
    (name): [string, (api: FakeApi) => void, RegExp] => [
      `that has a policy ${name} already`,
      (api) =>
        give(api, `${paths.policies}/${name}`, object('projectcalico.org/v3', 'GlobalNetworkPolicy', name)),
      new RegExp(`GlobalNetworkPolicy ${name} exists already, and the run needs that name`),
    ],
  ),
  [
    'without Istio, where there is no istioctl',
    (api) => giveList(api, paths.deployments),
    /no Istio and there is no istioctl to install it with/,
  ],
  [
    'whose Istio has another place',
    (api) => giveList(api, paths.deployments, istiodOf('istiod', 'default', 'mesh')),
    /^Istio runs as mesh\/istiod, and the run knows only namespace istio-system: use a cluster/,
  ],
  [
    'whose Istio has revisions, none of which is the default one',
    (api) => {
      giveList(api, paths.deployments, istiodOf('istiod-blue', 'blue'), istiodOf('istiod-green', 'green'));
      giveList(api, paths.injectors, injectorOf('blue'), injectorOf('green'));
    },
    /^Istio has several revisions or tags \(blue, green\), and none of them is the default one: say which .+ --revision NAME\.$/,
  ],
  [
    'whose Istio injects nothing',
    (api) => giveList(api, paths.injectors),
    /^Istio has no sidecar injector to add Dikastes to \(no MutatingWebhookConfiguration/,
  ],
  [
    'without an ingress gateway',
    (api) => giveList(api, paths.services),
    /^Istio has no ingress gateway, which the tutorial routes the shop through/,
  ],
  [
    'where the front end may not have its sidecar',
    (api) =>
      api.on('POST', paths.dryRun, (_, answer) =>
        answer.refuse(
          403,
          'Forbidden',
          'pods "x" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities (container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)',
        ),
      ),
    /^The front end's pod could not be made .+violates PodSecurity "baseline:latest".+: let Istio's CNI plugin redirect traffic/,
  ],
  ['without the injector', (api) => remove(api, paths.injector), /no sidecar injector to add Dikastes to/],
  [
    'whose injector has no config',
    (api) =>
      give(
        api,
        paths.injector,
        object('v1', 'ConfigMap', 'istio-sidecar-injector', { data: { values: '{}' } }),
      ),
    /no sidecar injector to add Dikastes to/,
  ],
  [
    'whose injector has no templates',
    (api) =>
      give(
        api,
        paths.injector,
        object('v1', 'ConfigMap', 'istio-sidecar-injector', { data: { config: 'policy: enabled\n' } }),
      ),
    /sidecar injector of Istio 1\.28\.10 has no template that Dikastes could be laid over: use Istio 1\.15, or 1\.22 or newer/,
  ],
  [
    'whose user may not do all that a run needs',
    (api) =>
      allow(
        api,
        ({ resource, subresource, namespace }) =>
          resource !== '*' &&
          subresource !== 'exec' &&
          (resource !== 'configmaps' || namespace === undefined),
      ),
    /^This context may not get and create pods\/exec; get configmaps istio in istio-system; get and patch configmaps istio-sidecar-injector in istio-system; get configmaps kube-proxy in kube-system: have an administrator apply scripts\/permissions\/alp-conformance\.yaml and use the context of its ServiceAccount \(docs\/permissions\.md\), or use another one that may\.$/,
  ],
  [
    'that another run is using',
    (api) => give(api, paths.lease, leaseOf('1101abcd on another-host', new Date())),
    /^Run 1101abcd on another-host is using this cluster; wait for it to end\.$/,
  ],
  [
    'that another run has left its changes on',
    (api) => give(api, paths.lease, leaseOf('1101abcd on another-host', new Date(0))),
    /^Run 1101abcd on another-host left its changes on this cluster; run `npm run down` there/,
  ],
];

for (const [what, spoil, sentence] of unfit) {
  test(`a cluster ${what} is unfit, and nothing is changed on it`, async ({ sound, kubeconfig }) => {
    spoil(sound);
    const error = await refusal(kubeconfig);
    expect(error).toBeInstanceOf(UnfitError);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('\n');
    expect(changes(sound)).toEqual([]);
  });
}

test('whatever makes a cluster unfit is told at once, one sentence a line', async ({ sound, kubeconfig }) => {
  remove(sound, paths.csiDriver);
  give(sound, `${paths.policies}/frontend-deny`, object('projectcalico.org/v3', 'GlobalNetworkPolicy', 'x'));
  const error = await refusal(kubeconfig);
  expect(error).toBeInstanceOf(UnfitError);
  expect(error.message.split('\n')).toEqual([
    expect.stringContaining('no CSI driver csi.tigera.io'),
    expect.stringContaining('GlobalNetworkPolicy frontend-deny exists already'),
  ]);
  expect(changes(sound)).toEqual([]);
});

test('what may not be read is told as the server refused it, and nothing is changed', async ({
  sound,
  kubeconfig,
}) => {
  const said =
    'csidrivers.storage.k8s.io "csi.tigera.io" is forbidden: User "x" cannot get resource "csidrivers"';
  sound.on('GET', paths.csiDriver, (_, answer) => answer.refuse(403, 'Forbidden', said));
  const error = await refusal(kubeconfig);
  expect(error).toBeInstanceOf(ForbiddenError);
  expect(error.message).toMatch(
    /^The user of context "test" may not get csidrivers\.storage\.k8s\.io csi\.tigera\.io/,
  );
  expect(changes(sound)).toEqual([]);
});

test('whoever may not read one thing is told of all that they may not', async ({ sound, kubeconfig }) => {
  sound.on('GET', paths.csiDriver, (_, answer) => answer.refuse(403, 'Forbidden', 'forbidden'));
  allow(
    sound,
    ({ resource, group }) => resource !== '*' && group !== 'storage.k8s.io' && resource !== 'jobs',
  );
  const error = await refusal(kubeconfig);
  expect(error).toBeInstanceOf(UnfitError);
  expect(error.message).toMatch(
    /^This context may not get csidrivers\.storage\.k8s\.io csi\.tigera\.io; get csinodes\.storage\.k8s\.io; get, list, watch, create, patch and delete jobs\.batch once: have an administrator apply scripts\/permissions\/alp-conformance\.yaml /,
  );
  expect(changes(sound)).toEqual([]);
});

test("whoever asks for the mesh's key, and may not read it, is told what grants it", async ({
  sound,
  kubeconfig,
}) => {
  allow(sound, ({ resource }) => resource !== '*' && resource !== 'secrets');
  const error = await refusal(kubeconfig, '--mesh-ca');
  expect(error).toBeInstanceOf(UnfitError);
  expect(error.message).toMatch(
    /^This context may not get secrets cacerts in istio-system; .+ apply scripts\/permissions\/mesh-ca\.yaml and/,
  );
  expect(changes(sound)).toEqual([]);
});

test('where nothing that was asked for can be judged, nothing is done', async ({ sound, kubeconfig }) => {
  const strict = { metadata: { name: 'default' }, spec: { mtls: { mode: 'STRICT' } } };
  giveList(sound, '/apis/security.istio.io/v1beta1/namespaces/istio-system/peerauthentications', {
    ...object('security.istio.io/v1beta1', 'PeerAuthentication', 'default'),
    ...strict,
  });
  const error = await refusal(kubeconfig, '--requirement', 'MTLS-01');
  expect(error).toBeInstanceOf(UnfitError);
  expect(error.message).toMatch(/MTLS-01 needs a mesh that does not demand mutual TLS yet/);
  expect(changes(sound)).toEqual([]);
});

test('an unfit cluster ends with status 3 and one line on standard error', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  remove(sound, paths.csiDriver);
  const { status, stdout, stderr } = await suite.run('conformance', ...on(kubeconfig));
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(/^The cluster has no CSI driver csi\.tigera\.io[^\n]+$/);
  expect(changes(sound)).toEqual([]);
  expect(suite.hasState()).toBe(false);
});

test('credentials that are not accepted are told as such, and nothing is changed', async ({
  sound,
  kubeconfig,
}) => {
  refuseEverything(sound, 401, 'Unauthorized', 'Unauthorized');
  const error = await refusal(kubeconfig);
  expect(error).toBeInstanceOf(UnauthorizedError);
  expect(error.message).toMatch(/^The cluster does not accept the credentials of context "test"[^\n]+$/);
  expect(changes(sound)).toEqual([]);
});

test('a cluster that cannot be reached ends with status 3 and one line', async ({
  suite,
  api,
  kubeconfig,
}) => {
  const { url } = api;
  await api.stop();
  const { status, stdout, stderr } = await suite.run('conformance', ...on(kubeconfig));
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toBe(
    `Cannot reach the cluster at ${url}: nothing listens there (connection refused). Is the cluster up, and is this its address?`,
  );
});

test('without a terminal to ask on and without --yes, a run only says what it would do, with status 2', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  giveList(
    sound,
    paths.pods,
    podOf('bank', 'ledger', ['app', 'istio-proxy']),
    podOf('bank', 'frontend', ['app']),
    podOf('bank', 'vault', ['app', 'istio-proxy', 'dikastes']),
    podOf('default', 'frontend', ['server']),
    podOf('istio-system', 'istio-ingressgateway', ['istio-proxy']),
    {
      ...podOf('ingress', 'istio-ingress', []),
      spec: { containers: [{ name: 'istio-proxy', args: ['proxy', 'router'] }] },
    },
  );
  const { status, stdout, stderr } = await suite.run('conformance', ...on(kubeconfig));
  expect(stderr).toBe('There is no terminal to ask on; give --yes to let the run change the cluster.');
  expect(status).toBe(2);
  expect(stdout).toContain(`Context test (${sound.url}):`);
  expect(stdout).toMatch(/^ {2}is there +Microservices demo: deploys Online Boutique/m);
  expect(stdout).toMatch(/^ {2}will be done +Sidecar injector: adds Dikastes/m);
  expect(stdout, 'whom the filter of the whole mesh hits').toMatch(
    /^ {2}MEANWHILE +1 pod with a sidecar, but without Dikastes, will .+: bank\/ledger$/m,
  );
  expect(stdout, 'whom mutual TLS for the whole mesh hits').toMatch(
    /^ {2}MEANWHILE +2 pods with a sidecar will refuse plaintext .+: bank\/ledger, bank\/vault$/m,
  );
  expect(changes(sound)).toEqual([]);
  expect(suite.hasState()).toBe(false);
});

test('with --yes a run that others would feel is refused, unless that is accepted', async ({
  suite,
  sound,
  kubeconfig,
}) => {
  giveList(sound, paths.pods, podOf('bank', 'ledger', ['app', 'istio-proxy']));
  const { status, stderr } = await suite.run('conformance', ...on(kubeconfig), '--yes');
  expect(stderr).toMatch(
    /^Nothing was changed, because others would feel it: 1 pod with a sidecar, but without Dikastes, .+: bank\/ledger; .+ Leave --yes out to be asked, or add --bystanders to accept it\.$/,
  );
  expect(status).toBe(3);
  expect(changes(sound)).toEqual([]);
  expect(suite.hasState()).toBe(false);
});

function on(kubeconfig: string): string[] {
  return ['--target', 'existing', '--kubeconfig', kubeconfig, '--context', 'test', ...withoutIstioctl];
}

async function refusal(kubeconfig: string, ...args: string[]): Promise<Error> {
  const options = readOptions([...on(kubeconfig), ...args]) as ClusterOptions;
  return rejection(conform(options, new AbortController().signal));
}

function podOf(namespace: string, app: string, containers: string[]): KubeObject {
  return {
    ...object('v1', 'Pod', app),
    metadata: { name: app, namespace, labels: { app } },
    spec: { containers: containers.map((name) => ({ name })) },
  };
}

function leaseOf(holderIdentity: string, renewed: Date): object {
  return object('coordination.k8s.io/v1', 'Lease', 'alp-conformance', {
    spec: { holderIdentity, renewTime: renewed.toISOString() },
  });
}
