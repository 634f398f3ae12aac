import type { KubeObject } from '../../../fixtures/cluster/objects.ts';
import { at, type Column, column, count, textAt, wide } from './column.ts';
import { name } from './common-columns.ts';
import { ageOf } from './human-duration.ts';

/** Events, as `kubectl get` shows them (kubernetes `pkg/printers/internalversion/printers.go`). */
export const eventColumns: Record<string, readonly Column[]> = {
  Event: [
    column('Last Seen', 'The time since it happened last.', lastSeen),
    column('Type', 'Normal, or Warning.', (event) => textAt(event, 'type', '')),
    column('Reason', 'Why, in one word.', (event) => textAt(event, 'reason', '')),
    column('Object', 'What it happened to.', (event) => {
      const kind = textAt(event, 'involvedObject.kind', '').toLowerCase();
      return `${kind}/${textAt(event, 'involvedObject.name', '')}`;
    }),
    wide('Subobject', 'Which part of it.', (event) => textAt(event, 'involvedObject.fieldPath', '')),
    wide('Source', 'Who tells of it.', source),
    column('Message', 'What happened.', (event) => textAt(event, 'message', '').trim()),
    wide('First Seen', 'The time since it happened first.', (event, now) => ageOf(firstTime(event), now)),
    { ...count('Count', 'How often it happened.', times), priority: 1 },
    { ...name, priority: 1 },
  ],
};

function lastSeen(event: KubeObject, now: number): string {
  const last = at(event, 'series.lastObservedTime') ?? at(event, 'lastTimestamp');
  return ageOf(typeof last === 'string' ? last : firstTime(event), now);
}

function firstTime(event: KubeObject): string | undefined {
  const first = at(event, 'firstTimestamp') ?? at(event, 'eventTime');
  return typeof first === 'string' ? first : undefined;
}

function source(event: KubeObject): string {
  const component = textAt(event, 'source.component', textAt(event, 'reportingComponent', ''));
  const host = textAt(event, 'source.host', '');
  return host === '' ? component : `${component}, ${host}`;
}

function times(event: KubeObject): number {
  const counted = at(event, 'series.count') ?? at(event, 'count');
  return typeof counted === 'number' ? counted : 1;
}
