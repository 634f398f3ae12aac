import semver from 'semver';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { type Check, type Finding, fits, unfit, untold } from './check.ts';

/** With what Felix enforces, and whether that goes together with sidecars and with what a run takes for a denial. */
export const dataPlane: Check = {
  name: "Calico's data plane",
  look: async (cluster, { inspection }) => {
    const [felix, [calicoNode]] = await Promise.all([
      cluster.find({ apiVersion: 'projectcalico.org/v3', kind: 'FelixConfiguration', name: 'default' }),
      cluster.list({ apiVersion: 'apps/v1', kind: 'DaemonSet', labelSelector: 'k8s-app=calico-node' }),
    ]);
    return judge(inspection.means.dataPlane, inspection.versions.calico, (name) =>
      setting(name, felix, calicoNode),
    );
  },
};

type Setting = (name: string) => string | undefined;

export function judge(kind: string, calico: string, setting: Setting): Finding {
  if (kind === 'bpf' && balancesOnConnect(calico, setting)) {
    return unfit(
      "Calico's eBPF data plane replaces a Service's address when a program connects, so sidecars do not see which Service is meant, and mutual TLS between them fails",
      "set bpfConnectTimeLoadBalancing to Disabled and bpfHostNetworkedNATWithoutCTLB to Enabled in FelixConfiguration default, as Calico's documentation asks for Istio",
    );
  }
  const action = kind === 'nftables' ? 'nftablesFilterDenyAction' : 'iptablesFilterDenyAction';
  if (kind !== 'bpf' && setting(action)?.toLowerCase() === 'reject') {
    return unfit(
      `Felix rejects what policy denies (${action} is Reject), and a run tells its denials by the silence of the default`,
      `set ${action} to Drop in FelixConfiguration default`,
    );
  }
  const name = names[kind];
  return name === undefined
    ? untold('It cannot be told what Felix enforces with: iptables or nftables')
    : fits(`Felix enforces with ${name}`);
}

const names: Record<string, string> = { bpf: 'eBPF', nftables: 'nftables', iptables: 'iptables' };

/** Whether connect-time load balancing is on, as it is by default (calico `felix/config/config_params.go`). */
function balancesOnConnect(calico: string, setting: Setting): boolean {
  // Until 3.27 it was a switch of another name.
  if (semver.satisfies(semver.coerce(calico) ?? '', '<3.27.0')) {
    return setting('bpfConnectTimeLoadBalancingEnabled') !== 'false';
  }
  return setting('bpfConnectTimeLoadBalancing')?.toLowerCase() !== 'disabled';
}

/** A parameter of Felix's: in its environment it goes before what FelixConfiguration says. */
export function setting(
  name: string,
  felix: KubeObject | undefined,
  calicoNode: KubeObject | undefined,
): string | undefined {
  const { template } = (calicoNode?.spec ?? { template: {} }) as {
    template: { spec?: { containers: { env?: { name: string; value?: string }[] }[] } };
  };
  const variables = (template.spec?.containers ?? []).flatMap(({ env = [] }) => env);
  const wanted = `felix_${name}`.toLowerCase();
  const given = variables.find((variable) => variable.name.toLowerCase() === wanted)?.value;
  const stored = (felix?.spec as Record<string, unknown> | undefined)?.[name];
  return given ?? (stored === undefined ? undefined : String(stored));
}
