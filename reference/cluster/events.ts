import { createHash } from 'node:crypto';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type Store, timestamp } from '../store/store.ts';

/** What has happened to an object, and who says so. */
export interface Happening {
  type?: 'Normal' | 'Warning';
  reason: string;
  message: string;
  by: string;
  /** The part of the object that is meant, such as `spec.containers{main}`. */
  fieldPath?: string;
}

/** Records a warning about an object as an Event. */
export function warn(store: Store, object: KubeObject, reason: string, message: string, by: string): void {
  tell(store, object, { type: 'Warning', reason, message, by });
}

/**
 * Records what has happened to an object as an Event. What happens again is one Event, counted up. A namespace that is
 * on its way out takes none, as from Kubernetes' own admission.
 */
export function tell(
  store: Store,
  object: KubeObject,
  { type = 'Normal', reason, message, by, fieldPath }: Happening,
): void {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace = 'default', uid, resourceVersion } = metadata;
  const home = store.find('Namespace', namespace);
  if (home === undefined || home.metadata.deletionTimestamp !== undefined) return;
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
    involvedObject: {
      apiVersion,
      kind,
      name,
      namespace,
      uid,
      resourceVersion,
      ...(fieldPath !== undefined && { fieldPath }),
    },
    reason,
    message,
    type,
    source: { component: by },
    reportingComponent: by,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
