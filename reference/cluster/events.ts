import { createHash } from 'node:crypto';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type Store, timestamp } from '../store/store.ts';

/** Records a warning about an object as an Event. Trouble that goes on is one Event, counted up. */
export function warn(store: Store, object: KubeObject, reason: string, message: string, by: string): void {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace = 'default', uid, resourceVersion } = metadata;
  const same = createHash('sha256').update(`${uid} ${reason} ${message}`).digest('hex').slice(0, 16);
  const event = `${name}.${same}`;
  const now = timestamp();
  const counted = store.change('Event', event, namespace, (draft) => {
    draft.count = (draft.count as number) + 1;
    draft.lastTimestamp = now;
  });
  if (counted !== undefined) return;
  store.create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: event, namespace },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    reason,
    message,
    type: 'Warning',
    source: { component: by },
    reportingComponent: by,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
