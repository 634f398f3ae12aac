import semver from 'semver';
import type { KubeObject } from '../fixtures/cluster/objects.ts';
import { type CalicoApi, calicoAdmission } from './admission/calico.ts';
import type { AuditSink } from './api/audit.ts';
import type { Access } from './api/kubeconfig.ts';
import { startApiServer } from './api/server.ts';
import { Calico } from './calico/calico.ts';
import { DikastesRegistry } from './calico/dikastes.ts';
import { builtInAdmission } from './cluster/admission/plugins.ts';
import { type RunningCluster, startCluster } from './cluster/cluster.ts';
import { freshCluster } from './cluster/objects.ts';
import { Services } from './cluster/services.ts';
import { deviationsOf } from './deviations/index.ts';
import { type EnvoyDependencies, envoyProgram, gatewayProgram } from './envoy/programs.ts';
import { type Ingress, openIngress } from './ingress.ts';
import { revision as defaultRevision } from './istio/injection.ts';
import { injector } from './istio/injector.ts';
import { Istiod } from './istio/istiod.ts';
import { rootNamespace } from './istio/names.ts';
import { authoritySecret } from './istio/objects/authority.ts';
import { type IstioShape, istioObjects } from './istio/objects.ts';
import { ofRevision } from './istio/revisions.ts';
import { istioValidation } from './istio/validation.ts';
import { MeshAuthority } from './network/certificates.ts';
import { VirtualNetwork } from './network/virtual-network.ts';
import { allAvailable } from './readiness.ts';
import { overlay, promised, type Rules } from './rules/rules.ts';
import { Operations } from './store/operations.ts';
import { resourceTypes } from './store/resource-types.ts';
import { Store } from './store/store.ts';
import { nativeCrdsSince, versions } from './versions.ts';
import { programs } from './workloads/programs.ts';
import { shopObjects } from './workloads/shop/objects.ts';

export interface MeshOptions {
  /** A release of Calico, such as `v3.31.7`: the mesh breaks what that release is known to break. */
  calico?: string;
  /** Laid over everything else. */
  faults?: readonly Partial<Rules>[];
  /** What long time-outs are multiplied by; a twentieth when absent. */
  timeScale?: number;
  /** Milliseconds until a policy is in force; see `CalicoOptions`. */
  propagationMs?: number;
  /** How Istio was installed; as `istioctl install` does when absent. */
  istio?: IstioShape;
  /** Told of every request to the API when it is over. */
  audit?: AuditSink;
}

/** A running mesh; what a run sees of it is `api` and `ingress` alone. */
export interface Mesh extends RunningCluster {
  /** What it is, in one sentence without its stop. */
  about: string;
  api: Access;
  ingress: Pick<Ingress, 'host' | 'port'>;
  /** The rules that it goes by; asked anew for every decision. */
  rules: Rules;
  timeScale: number;
  store: Store;
  operations: Operations;
  network: VirtualNetwork;
  calico: Calico;
  istiod: Istiod;
  authority: MeshAuthority;
  shut: () => Promise<void>;
}

export const defaultTimeScale = 0.05;

/** Connections from outside reach the gateway from a node's own address on the pods' network. */
const nodeAddress = '10.244.0.1';

/**
 * Starts a mesh as the tutorial finds its cluster: Calico, Istio with its ingress gateway, and the shop, without
 * mutual TLS, policies or Dikastes. Everything is ready when it is returned.
 */
export async function startMesh(options: MeshOptions = {}): Promise<Mesh> {
  const { calico: release, faults = [], timeScale = defaultTimeScale, propagationMs } = options;
  const calicoVersion = release ?? versions.calico;
  const known = release === undefined ? [] : deviationsOf(release);
  const rules = overlay<Rules>(promised, ...known.map((deviation) => deviation.rules), ...faults);
  const calicoApi: CalicoApi = semver.lt(calicoVersion, nativeCrdsSince) ? 'api server' : 'native crds';

  const store = new Store(resourceTypes);
  const operations = new Operations(store, admission(store, rules, calicoApi));
  const services = new Services(store);
  const calico = new Calico(store, rules, propagationMs === undefined ? {} : { propagationMs });
  const istiod = new Istiod(store, services, rules);
  const authority = await MeshAuthority.create();
  const network = new VirtualNetwork({
    permits: (connection) => calico.permits(connection),
    resolve: (name, namespace) => services.resolve(name, namespace),
    balance: (address, port) => services.balance(address, port),
  });

  const dikastes = new DikastesRegistry(calico);
  const proxies: EnvoyDependencies = {
    istiod,
    dikastes,
    identities: authority,
    rules,
    judgePeer: (peer) => rules.judgePeer(peer),
    timeScale,
    discovery: {
      host: `${ofRevision('istiod', options.istio?.revision ?? defaultRevision)}.${rootNamespace}.svc`,
      port: 15_012,
    },
    watch: (listener) => istiod.onChange(listener),
  };
  for (const object of freshCluster({ kubernetes: versions.kubernetes, calico: calicoVersion, calicoApi })) {
    store.create(object);
  }
  const cluster = startCluster({
    store,
    operations,
    network,
    services,
    timeScale,
    programs: [dikastes.program, gatewayProgram(proxies), envoyProgram(proxies), ...programs],
  });
  const node = network.attach(nodeAddress, { host: true });
  const ingress = await openIngress(node, () => gatewayOf(store, services));
  const create = (objects: readonly KubeObject[]) => {
    for (const object of objects) operations.create(object, { fieldManager: 'reference' });
  };
  create(
    istioObjects(versions.istio, {
      httpNodePort: ingress.port,
      rootCertificate: authority.certificate,
      ...(options.istio && { shape: options.istio }),
    }),
  );
  create([authoritySecret(authority.certificate, await authority.privateKey())]);
  create(shopObjects(versions.boutique));
  await allAvailable(store);
  const api = await startApiServer({
    store,
    operations,
    pods: cluster.pods,
    version: versions.kubernetes,
    audit: options.audit,
  });

  return {
    ...cluster,
    about: aboutOf(calicoVersion, known.length, timeScale),
    api,
    ingress,
    rules,
    timeScale,
    store,
    operations,
    network,
    calico,
    istiod,
    authority,
    shut: async () => {
      await Promise.all([api.close(), ingress.close()]);
      cluster.close();
      istiod.close();
      calico.close();
    },
  };
}

/** In the order of a real API server: its own defaults, webhooks, and what checks the outcome. */
function admission(store: Store, rules: Rules, calicoApi: CalicoApi) {
  const { beforeWebhooks, afterWebhooks } = builtInAdmission(store);
  return [
    ...beforeWebhooks,
    injector(store, rules),
    ...afterWebhooks,
    calicoAdmission(calicoApi, rules),
    istioValidation(store),
  ];
}

function gatewayOf(store: Store, services: Services): { address: string; port: number } | undefined {
  const service = store.find('Service', 'istio-ingressgateway', 'istio-system');
  const { clusterIP } = (service?.spec ?? {}) as { clusterIP?: string };
  const balanced = clusterIP === undefined ? undefined : services.balance(clusterIP, 80);
  return balanced === 'refused' ? undefined : balanced;
}

function aboutOf(calico: string, deviations: number, timeScale: number): string {
  const broken =
    deviations === 0 ? '' : `, with ${deviations} known deviations of Calico ${calico} laid over it`;
  const scale = Math.round(1 / timeScale);
  return `the embedded reference mesh${broken}, whose long time-outs take a ${scale}th of the real ones`;
}
