import { stringify } from 'yaml';
import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import type { Question, Workload } from '../../../fixtures/policy-case/model.ts';
import type { Difference } from './compare.ts';

/** A difference for people: what is in force, what was asked, and who said what. */
export function differenceText(difference: Difference, release: string, repeat: string): string {
  const { objects, workload, question, promised, expected, answered } = difference;
  const known = promised === expected ? '' : ` (a known deviation of ${release})`;
  return [
    `# in force beside ${workload.namespace}/${workload.name}`,
    objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n'),
    `asked:    ${questionText(question, workload, objects)}`,
    `promised: ${promised}`,
    ...(promised === expected ? [] : [`expected: ${expected}${known}`]),
    `answered: ${answered}`,
    '',
    `again:    ${repeat}`,
    '',
  ].join('\n');
}

function questionText(
  { source, destination, http }: Question,
  workload: Workload,
  objects: readonly KubeObject[],
): string {
  const what =
    http === undefined ? 'plain TCP' : `${JSON.stringify(http.method)} ${JSON.stringify(http.path)}`;
  const who = source.principal === '' ? 'without a certificate' : `with ${JSON.stringify(source.principal)}`;
  const at = nameAt(destination.address, objects) ?? destination.address;
  const own = `${workload.namespace}/${workload.name}`;
  return `${what} from ${place(source, objects)} ${who} to ${at === own ? 'it' : at} at ${endpoint(destination)}`;
}

function place(end: Question['source'], objects: readonly KubeObject[]): string {
  const name = nameAt(end.address, objects);
  return name === undefined ? endpoint(end) : `${endpoint(end)} (${name})`;
}

function endpoint({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function nameAt(address: string, objects: readonly KubeObject[]): string | undefined {
  const pod = objects.find(
    ({ kind, status }) =>
      kind === 'Pod' && (status as { podIPs?: { ip: string }[] }).podIPs?.some(({ ip }) => ip === address),
  );
  return pod && `${pod.metadata.namespace}/${pod.metadata.name}`;
}
