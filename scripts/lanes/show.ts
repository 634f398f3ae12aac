import { platformHere } from '../tools/platform.ts';
import { checkLane, notJudged } from './check-lane.ts';
import type { Lane } from './lane.ts';
import { unpinned } from './unpinned.ts';
import type { Versions } from './versions-file.ts';

/** The lanes as a person reads them: one block each, with what of it is unpinned. */
export function showLanes(lanes: readonly Lane[], versions: Versions): string {
  return lanes.map((lane) => showLane(lane, unpinned(lane, platformHere(), versions))).join('\n');
}

function showLane(lane: Lane, loose: readonly string[]): string {
  const { name, kubernetes, calico, istio, kind, api, install, ipFamily, dataPlane, outcomes } = lane;
  const rows: [label: string, value: string][] = [
    ['versions', `Kubernetes ${kubernetes}, Calico ${calico}, Istio ${istio}, kind ${kind}`],
    ['made', `Calico by ${install}, v3 API by ${api}, ${ipFamily}, ${dataPlane}`],
    ['node', lane.node],
    ...(outcomes === undefined ? [] : [['outcomes', 'a control: the suite must go red'] as [string, string]]),
    ...(loose.length === 0 ? [] : [['unpinned', loose.join(', ')] as [string, string]]),
  ];
  return `${name}\n${rows.map(([label, value]) => `  ${label.padEnd(9)} ${value}\n`).join('')}`;
}

/** One line a lane: whether its versions go together. */
export function checkLanes(lanes: readonly Lane[]): { text: string; sound: boolean } {
  const checked = lanes.map((lane) => ({ lane, problems: checkLane(lane), newer: notJudged(lane) }));
  const width = Math.max(...lanes.map(({ name }) => name.length));
  const lines = checked.map(({ lane: { name }, problems, newer }) => {
    const said = problems.length > 0 ? problems.join(' ') : 'These versions go together.';
    const unknown = newer.length === 0 ? '' : ` Newer than anything that was judged: ${newer.join(', ')}.`;
    return `${name.padEnd(width)}  ${said}${unknown}\n`;
  });
  return { text: lines.join(''), sound: checked.every(({ problems }) => problems.length === 0) };
}
