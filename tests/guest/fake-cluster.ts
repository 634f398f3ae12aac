import { randomUUID } from 'node:crypto';
import type { Cluster, Selection } from '../../fixtures/cluster/client.ts';
import { ApiError } from '../../fixtures/cluster/errors.ts';
import { type KubeObject, nameOf, type Ref, refOf } from '../../fixtures/cluster/objects.ts';
import type { MergePatch } from '../../fixtures/guest/journal.ts';
import { mergePatch } from '../../reference/store/merge-patch.ts';

/** The process was killed: nothing that it still does reaches the cluster. */
export class Killed extends Error {
  override name = 'Killed';
}

export interface Kill {
  /** At which write, counted from 1. */
  write: number;
  /** Whether the cluster had carried it out. */
  when: 'before' | 'after';
}

/**
 * A cluster in memory, as far as a guest and its undoing can see one: objects with uids, server-side apply of one
 * owner, merge patches, deletions that take a moment, and controllers that roll Deployments out at once.
 */
export class FakeCluster {
  /** Every write so far: `delete Service shop/frontend`. */
  readonly writes: string[] = [];
  /** Called with each write before it is carried out; what it throws, the caller gets. */
  onWrite: (write: string) => void = () => {};
  /** Kinds that the server does not have (any more). */
  readonly missing = new Set<string>();
  readonly serverUrl = 'https://fake';
  private objects = new Map<string, KubeObject>();
  private kill: Kill | undefined;
  private killed = false;

  constructor(objects: readonly KubeObject[] = []) {
    for (const object of objects) this.put(object);
  }

  get asCluster(): Cluster {
    return this as unknown as Cluster;
  }

  /** The process will be killed at that write; from then on every call throws. */
  killAt(kill: Kill): this {
    this.kill = { ...kill, write: this.writes.length + kill.write };
    return this;
  }

  /** What another process sees of the cluster, when the first was killed or is done. */
  forNextProcess(): FakeCluster {
    const next = new FakeCluster();
    next.objects = new Map([...this.objects].map(([key, object]) => [key, structuredClone(object)]));
    for (const kind of this.missing) next.missing.add(kind);
    return next;
  }

  /** Sets an object as someone else would; it has a uid of its own. */
  put(object: KubeObject): KubeObject {
    const stored = withStatus({ ...object, metadata: { uid: randomUUID(), ...object.metadata } });
    this.objects.set(keyOf(stored), stored);
    return stored;
  }

  /** Removes an object as someone else would. */
  take(ref: Ref): void {
    this.objects.delete(keyOf(ref));
  }

  at(ref: Ref): KubeObject | undefined {
    return this.objects.get(keyOf(ref));
  }

  /** Everything there is, in order, without what a server counts up by itself. */
  get state(): unknown[] {
    return [...this.objects.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { status: _, metadata, ...object }]) => {
        const { generation: __, resourceVersion: ___, ...rest } = metadata;
        return { ...object, metadata: rest };
      });
  }

  async supports(_: string, kind: string): Promise<boolean> {
    this.live();
    return !this.missing.has(kind);
  }

  async find(ref: Ref): Promise<KubeObject | undefined> {
    this.live();
    return structuredClone(this.at(ref));
  }

  async get(ref: Ref): Promise<KubeObject> {
    const found = await this.find(ref);
    if (found === undefined) throw refusal(404, 'NotFound', `${nameOf(ref)} not found`);
    return found;
  }

  async create(object: KubeObject): Promise<KubeObject> {
    const ref = refOf(object);
    return this.write(`create ${nameOf(ref)}`, () => {
      if (this.at(ref) !== undefined) throw refusal(409, 'AlreadyExists', `${nameOf(ref)} already exists`);
      return structuredClone(this.put(structuredClone(object)));
    });
  }

  async apply(object: KubeObject): Promise<KubeObject> {
    const ref = refOf(object);
    return this.write(`apply ${nameOf(ref)}`, () => {
      const { namespace } = ref;
      if (
        namespace !== undefined &&
        this.at({ apiVersion: 'v1', kind: 'Namespace', name: namespace }) === undefined
      ) {
        throw refusal(404, 'NotFound', `namespaces "${namespace}" not found`);
      }
      const merged = mergePatch(this.at(ref) ?? {}, structuredClone(object)) as KubeObject;
      return structuredClone(this.put(rolledOut(merged)));
    });
  }

  async patch(ref: Ref, patch: MergePatch): Promise<KubeObject> {
    return this.write(`patch ${nameOf(ref)}`, () => {
      const current = this.at(ref);
      if (current === undefined) throw refusal(404, 'NotFound', `${nameOf(ref)} not found`);
      return structuredClone(this.put(rolledOut(mergePatch(current, structuredClone(patch)) as KubeObject)));
    });
  }

  /** The object is there, on its way out, until a watch has shown its end. */
  async delete(ref: Ref, { uid }: { uid?: string } = {}): Promise<boolean> {
    return this.write(`delete ${nameOf(ref)}`, () => {
      const current = this.at(ref);
      if (current === undefined) return false;
      if (uid !== undefined && current.metadata.uid !== uid) throw refusal(409, 'Conflict', 'another uid');
      current.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      return true;
    });
  }

  async list(selection: Selection): Promise<KubeObject[]> {
    return (await this.listing(selection)).items;
  }

  async listing({ apiVersion, kind, namespace, name }: Selection) {
    this.live();
    const items = [...this.objects.values()]
      .filter((object) => object.apiVersion === apiVersion && object.kind === kind)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter(({ metadata }) => name === undefined || metadata.name === name);
    return { items: structuredClone(items), resourceVersion: '1' };
  }

  /** Ends the deletions of what it watches, and tells of them. */
  async openWatch(selection: Selection) {
    const { items } = await this.listing(selection);
    const gone = items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const lines = gone.map((object) => {
      this.end(object);
      return `${JSON.stringify({ type: 'DELETED', object: { ...object, metadata: { ...object.metadata, resourceVersion: '2' } } })}\n`;
    });
    return { body: [new TextEncoder().encode(lines.join(''))], url: `${this.serverUrl}/` };
  }

  private end(object: KubeObject): void {
    this.objects.delete(keyOf(object));
    if (object.kind !== 'Namespace') return;
    for (const inside of [...this.objects.values()]) {
      if (inside.metadata.namespace === object.metadata.name) this.objects.delete(keyOf(inside));
    }
  }

  private async write<T>(what: string, effect: () => T): Promise<T> {
    this.live();
    this.writes.push(what);
    this.onWrite(what);
    const dies = this.kill?.write === this.writes.length;
    if (dies && this.kill?.when === 'before') this.die();
    const result = effect();
    if (dies) this.die();
    return result;
  }

  private die(): never {
    this.killed = true;
    throw new Killed('killed');
  }

  private live(): void {
    if (this.killed) throw new Killed('killed');
  }
}

export function refusal(status: number, reason: string, said: string): ApiError {
  return new ApiError({ status, reason, said, method: 'GET', target: '/' });
}

function keyOf(of: Ref | KubeObject): string {
  const { apiVersion, kind, namespace, name } = 'metadata' in of ? refOf(of) : of;
  return `${apiVersion} ${kind} ${namespace ?? ''} ${name}`;
}

function rolledOut(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, generation: (object.metadata.generation ?? 0) + 1 } };
}

function withStatus(object: KubeObject): KubeObject {
  if (object.kind !== 'Deployment') return object;
  const replicas = (object.spec as { replicas?: number } | undefined)?.replicas ?? 1;
  const status = {
    observedGeneration: object.metadata.generation ?? 0,
    replicas,
    updatedReplicas: replicas,
    availableReplicas: replicas,
  };
  return { ...object, status };
}
