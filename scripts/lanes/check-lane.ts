import semver from 'semver';
import {
  kindOfKubernetes,
  kubernetesOfCalico,
  kubernetesOfIstio,
  nativeCrdsSince,
  nftablesSince,
  type Range,
  refusesApply,
} from './compatibility.ts';
import type { Lane } from './lane.ts';
import { compareLines, lineOf } from './line.ts';
import { injects, type Lines, nearest, within } from './nearest.ts';

/**
 * What does not go together in a lane, one sentence each, with the nearest that does. A version that is newer than
 * any that was judged goes with everything.
 */
export function checkLane(lane: Lane): string[] {
  const lines = {
    kubernetes: lineOf(lane.kubernetes),
    calico: lineOf(lane.calico),
    istio: lineOf(lane.istio),
  };
  return [...notTogether(lines), ...ofNode(lane, lines), ...ofCalico(lane, lines.calico)];
}

/** What in a lane is newer than anything the projects have said something of. */
export function notJudged(lane: Lane): string[] {
  return [
    ...(isNewer(lineOf(lane.calico), kubernetesOfCalico) ? [`Calico ${lane.calico}`] : []),
    ...(isNewer(lineOf(lane.istio), kubernetesOfIstio) ? [`Istio ${lane.istio}`] : []),
    ...(isNewer(lineOf(lane.kubernetes), kindOfKubernetes) ? [`Kubernetes ${lane.kubernetes}`] : []),
  ];
}

function notTogether(lines: Lines): string[] {
  const { kubernetes, calico, istio } = lines;
  const problems = [
    ...outside('Calico', calico, 'is tested with', kubernetesOfCalico, kubernetes),
    ...outside('Istio', istio, 'supports', kubernetesOfIstio, kubernetes),
    ...(isNewer(istio, kubernetesOfIstio) || isNewer(calico, kubernetesOfCalico) || injects(istio, calico)
      ? []
      : [`Calico ${calico} documents no way to inject Dikastes with Istio ${istio}`]),
  ];
  const near = nearest(lines);
  const advice = `nearest that go together: Kubernetes ${near.kubernetes}, Calico ${near.calico}, Istio ${near.istio}`;
  return problems.map((problem) => `${problem}; ${advice}.`);
}

function outside(
  product: string,
  line: string,
  verb: string,
  ranges: Record<string, Range>,
  kubernetes: string,
): string[] {
  const range = ranges[line];
  if (range === undefined) {
    return isNewer(line, ranges)
      ? []
      : [`${product} ${line} is none that application layer policy is known with`];
  }
  if (within(kubernetes, range)) return [];
  return [`${product} ${line} ${verb} Kubernetes ${range.from} to ${range.to}, and not ${kubernetes}`];
}

function ofNode({ node, kubernetes, kind }: Lane, lines: Lines): string[] {
  const tag = /:([^:@]+)(?:@|$)/.exec(node)?.[1];
  const problems =
    tag === kubernetes
      ? []
      : [`The node image ${node} is not of Kubernetes ${kubernetes}; take one with the tag ${kubernetes}.`];
  const needed = kindOfKubernetes[lines.kubernetes];
  if (needed !== undefined && semver.lt(kind, needed)) {
    problems.push(
      `kind ${kind} is older than Kubernetes ${lines.kubernetes}; kind v${needed} is the first that brings it.`,
    );
  }
  return problems;
}

function ofCalico({ api, dataPlane, calico: release }: Lane, calico: string): string[] {
  return [
    ...(refusesApply(release, api)
      ? [
          `The API server of Calico ${release} lets no server-side apply create a policy (calico#12841); take v3.32.1, or api: native crds.`,
        ]
      : []),
    ...(api === 'native crds' && compareLines(calico, nativeCrdsSince) < 0
      ? [
          `Calico ${calico} has its v3 API from an API server only; take api: api server, or Calico ${nativeCrdsSince}.`,
        ]
      : []),
    ...(dataPlane === 'nftables' && compareLines(calico, nftablesSince) < 0
      ? [`Calico ${calico} programs iptables only; take dataPlane: iptables, or Calico ${nftablesSince}.`]
      : []),
  ];
}

function isNewer(line: string, known: Record<string, unknown>): boolean {
  return Object.keys(known).every((each) => compareLines(each, line) < 0);
}
