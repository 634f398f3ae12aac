import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { frozenCopy, sameValue } from './json.ts';
import { assignName, placeOf } from './names.ts';
import { apiVersionOf, type KindKey, keyOf, parseApiVersion, type ResourceType } from './resource-type.ts';
import { RevisionLog } from './revision-log.ts';
import { alreadyExists, badRequest, conflict, notFound, type StatusError } from './status-error.ts';
import { Subscribers } from './subscribers.ts';

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  key: KindKey;
  object: KubeObject;
  previous?: KubeObject;
  revision: number;
}

interface Shelf {
  type: ResourceType;
  objects: Map<string, KubeObject>;
  /** The objects in the order of a list; made when first asked for after a change. */
  sorted: KubeObject[] | undefined;
}

/**
 * All objects of a cluster, with one log of revisions for all kinds, as etcd keeps them for an API server. Objects
 * that come out are deeply frozen and in the storage version of their kind; objects that go in are copied.
 *
 * It knows nothing of admission, finalizers or namespaces: those are the business of the operations.
 */
export class Store {
  readonly types: readonly ResourceType[];
  private readonly shelves = new Map<KindKey, Shelf>();
  private readonly log: RevisionLog;
  private readonly subscribers = new Subscribers();

  /** @param options.history how many events are remembered; 2,000 when absent. */
  constructor(types: readonly ResourceType[], { history = 2000 }: { history?: number } = {}) {
    this.types = types;
    this.log = new RevisionLog(history);
    for (const type of types) {
      this.shelves.set(keyOf(type), { type, objects: new Map(), sorted: undefined });
    }
  }

  /** The kind that an `apiVersion` and a `kind` name, when it is served in that version. */
  typeOf(apiVersion: string, kind: string): ResourceType | undefined {
    const { group, version } = parseApiVersion(apiVersion);
    const type = this.shelves.get(keyOf({ group, kind }))?.type;
    return type?.versions.includes(version) ? type : undefined;
  }

  /** The revision of the last change; 0 before the first. */
  get revision(): number {
    return this.log.revision;
  }

  find(key: KindKey, name: string, namespace?: string): KubeObject | undefined {
    const shelf = this.shelf(key);
    return shelf.objects.get(placeOf(shelf.type, name, namespace));
  }

  /** The objects of a kind by namespace, then name; those of all namespaces when none is given. */
  list(key: KindKey, namespace?: string): KubeObject[] {
    const shelf = this.shelf(key);
    shelf.sorted ??= [...shelf.objects.values()].sort(byNamespaceAndName);
    if (namespace === undefined || !shelf.type.namespaced) return [...shelf.sorted];
    return shelf.sorted.filter((object) => object.metadata.namespace === namespace);
  }

  /**
   * Stores a new object with a uid, unless it was given one, a resourceVersion, a creationTimestamp and, where its kind counts them, generation
   * 1; a name is made from `generateName` when there is none.
   *
   * @param options.dryRun to get what would be stored, without a resourceVersion, and store nothing.
   * @throws StatusError AlreadyExists, or BadRequest for an object without kind, name or namespace.
   */
  create(object: KubeObject, { dryRun = false }: { dryRun?: boolean } = {}): KubeObject {
    const shelf = this.shelfOf(object);
    const named = assignName(shelf.type, object, (name, namespace) =>
      shelf.objects.has(placeOf(shelf.type, name, namespace)),
    );
    const place = placeOf(shelf.type, named.metadata.name, named.metadata.namespace);
    if (shelf.objects.has(place)) throw alreadyExists(shelf.type, named.metadata.name);
    const metadata: KubeObject['metadata'] = {
      ...named.metadata,
      uid: named.metadata.uid ?? crypto.randomUUID(),
      creationTimestamp: timestamp(),
      ...(shelf.type.uncounted !== true && { generation: 1 }),
    };
    const created = { ...named, apiVersion: apiVersionOf(shelf.type), metadata };
    if (dryRun) {
      const { resourceVersion: _, ...preview } = metadata;
      return frozenCopy({ ...created, metadata: preview });
    }
    return this.commit(shelf, place, 'ADDED', created);
  }

  /**
   * Puts an object in the place of the stored one; uid and creationTimestamp stay. The generation counts changes of
   * anything but metadata and status. An object that is the same already makes no revision.
   *
   * @param options.dryRun to get what would be stored, with the present resourceVersion, and store nothing.
   * @throws StatusError NotFound; Conflict when the object has a resourceVersion or uid that is not the stored one.
   */
  update(object: KubeObject, { dryRun = false }: { dryRun?: boolean } = {}): KubeObject {
    const shelf = this.shelfOf(object);
    const { name, namespace } = object.metadata;
    const place = placeOf(shelf.type, name, namespace);
    const current = shelf.objects.get(place);
    if (current === undefined) throw notFound(shelf.type, name);
    const { resourceVersion, uid } = object.metadata;
    if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion) {
      throw conflict(shelf.type, name);
    }
    if (uid !== undefined && uid !== current.metadata.uid) {
      throw uidConflict(shelf.type, name, uid, current.metadata.uid);
    }
    const next = keepingSystemMetadata(object, current);
    if (sameValue(next, current)) return current;
    const { generation } = current.metadata;
    if (generation !== undefined && specDiffers(next, current)) next.metadata.generation = generation + 1;
    return dryRun ? frozenCopy(next) : this.commit(shelf, place, 'MODIFIED', next, current);
  }

  /**
   * Lets a controller change its copy of an object and stores that.
   *
   * @returns what is stored then; undefined when the object is not there.
   */
  change(
    key: KindKey,
    name: string,
    namespace: string | undefined,
    edit: (draft: KubeObject) => void,
  ): KubeObject | undefined {
    const current = this.find(key, name, namespace);
    if (current === undefined) return undefined;
    const draft = structuredClone(current);
    edit(draft);
    return this.update(draft);
  }

  /** Takes an object away, whatever finalizers it has; nothing happens when it is not there. */
  remove(key: KindKey, name: string, namespace?: string): void {
    const shelf = this.shelf(key);
    const place = placeOf(shelf.type, name, namespace);
    const current = shelf.objects.get(place);
    if (current === undefined) return;
    shelf.objects.delete(place);
    shelf.sorted = undefined;
    const revision = this.log.next();
    // Watchers continue from a deleted object's resourceVersion, so it is that of the deletion.
    const metadata = { ...current.metadata, resourceVersion: String(revision) };
    const object = frozenCopy({ ...current, metadata });
    this.publish({ type: 'DELETED', key, object, previous: current, revision });
  }

  /**
   * Tells of every later change of a kind, or of all kinds, right after it is stored and in the order of revisions:
   * what a listener changes itself is told after everyone has heard of the change it answers.
   *
   * @returns what ends the subscription.
   */
  subscribe(key: KindKey | undefined, listener: (event: StoreEvent) => void): () => void {
    if (key !== undefined) this.shelf(key);
    return this.subscribers.add(key, listener);
  }

  /**
   * The events after a revision, in their order.
   *
   * @throws StatusError Expired when some of them are forgotten.
   */
  since(revision: number): StoreEvent[] {
    return this.log.since(revision);
  }

  private commit(
    shelf: Shelf,
    place: string,
    type: 'ADDED' | 'MODIFIED',
    object: KubeObject,
    previous?: KubeObject,
  ): KubeObject {
    const revision = this.log.next();
    const stored = frozenCopy({
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(revision) },
    });
    shelf.objects.set(place, stored);
    shelf.sorted = undefined;
    const event: StoreEvent = { type, key: keyOf(shelf.type), object: stored, revision };
    this.publish(previous === undefined ? event : { ...event, previous });
    return stored;
  }

  private publish(event: StoreEvent): void {
    this.log.add(event);
    this.subscribers.tell(event);
  }

  private shelf(key: KindKey): Shelf {
    const shelf = this.shelves.get(key);
    if (shelf === undefined) throw new Error(`The store holds no objects of kind ${key}.`);
    return shelf;
  }

  private shelfOf({ apiVersion, kind }: KubeObject): Shelf {
    const type = this.typeOf(apiVersion, kind);
    if (type === undefined) throw badRequest(`no matches for kind "${kind}" in version "${apiVersion}"`);
    return this.shelf(keyOf(type));
  }
}

/** What a client is told that meant another object of the same name. */
export function uidConflict(
  type: ResourceType,
  name: string,
  wanted: string,
  actual: string | undefined,
): StatusError {
  return conflict(
    type,
    name,
    `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${actual ?? ''}`,
  );
}

/** A time, or now, as Kubernetes writes it: UTC in whole seconds. */
export function timestamp(time = new Date()): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function keepingSystemMetadata(object: KubeObject, current: KubeObject): KubeObject {
  const { uid, creationTimestamp, generation, resourceVersion } = current.metadata;
  const kept = Object.fromEntries(
    Object.entries({ uid, creationTimestamp, generation, resourceVersion }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { ...object, apiVersion: current.apiVersion, metadata: { ...object.metadata, ...kept } };
}

function specDiffers(one: KubeObject, other: KubeObject): boolean {
  const { metadata: _m, status: _s, ...spec } = one;
  const { metadata: _n, status: _t, ...otherSpec } = other;
  return !sameValue(spec, otherSpec);
}

function byNamespaceAndName({ metadata: one }: KubeObject, { metadata: other }: KubeObject): number {
  return compare(one.namespace ?? '', other.namespace ?? '') || compare(one.name, other.name);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
