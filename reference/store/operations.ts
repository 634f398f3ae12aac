import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type AdmissionPlugin, admit, type FieldValidation } from './admission.ts';
import { carryOver, checkPreconditions } from './carry-over.ts';
import { configurationOf } from './configuration.ts';
import { type DeleteOptions, isReleased, markedForDeletion } from './deletion.ts';
import type { ManagerName } from './managers.ts';
import { assignName } from './names.ts';
import { checkNamespace, checkNotProtected } from './namespaces.ts';
import { applied } from './ownership.ts';
import { type Patch, patched } from './patch.ts';
import { apiVersionOf, keyOf, type ResourceType } from './resource-type.ts';
import { isCustom, schemaOf } from './schemas.ts';
import { badRequest, conflict, invalid, notFound } from './status-error.ts';
import type { Store } from './store.ts';
import { managersToApplyTo, sameButTimes, trackedNew, trackedUpdate, withManagers } from './tracking.ts';
import { invalidValue, validateName } from './validation.ts';

export type { AdmissionPlugin, AdmissionRequest, FieldValidation } from './admission.ts';
export type { DeleteOptions } from './deletion.ts';
export type { Patch } from './patch.ts';

export interface WriteOptions {
  /** Who writes, for the ownership of fields; `unknown` when absent. */
  fieldManager?: string | undefined;
  /** Do everything but store it. */
  dryRun?: boolean | undefined;
  /** For the plugins; `Warn` when absent. */
  fieldValidation?: FieldValidation | undefined;
  /** Told of what is no reason to refuse the write. */
  warn?: ((message: string) => void) | undefined;
  /** `status`, `scale` or `finalize`: change that part only. A scale is read from the workload's own fields. */
  subresource?: string | undefined;
}

/** What the API does with objects, without HTTP. Everything throws StatusError to refuse. */
export class Operations {
  private readonly store: Store;
  private readonly plugins: readonly AdmissionPlugin[];

  constructor(store: Store, plugins: readonly AdmissionPlugin[]) {
    this.store = store;
    this.plugins = plugins;
  }

  create(object: KubeObject, options: WriteOptions = {}): KubeObject {
    const type = this.typeOf(object);
    if (object.metadata.resourceVersion) {
      throw badRequest('resourceVersion should not be set on objects to be created');
    }
    const draft = this.fresh(type, object);
    return this.insert(type, trackedNew(type, draft, writer('Update', object.apiVersion, options)), options);
  }

  update(object: KubeObject, options: WriteOptions = {}): KubeObject {
    const type = this.typeOf(object);
    const { name, namespace, resourceVersion } = object.metadata;
    const current = this.existing(type, name, namespace);
    if (isCustom(type) && !resourceVersion) {
      const cause = invalidValue('metadata.resourceVersion', 0, 'must be specified for an update');
      throw invalid(type, name, [cause]);
    }
    const next = carryOver(type, current, object, options.subresource);
    const tracked = trackedUpdate(type, current, next, writer('Update', object.apiVersion, options));
    return this.replace(type, current, tracked, options);
  }

  /** @returns the object, and whether applying created it. */
  patch(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    patch: Patch,
    options: WriteOptions & { force?: boolean | undefined } = {},
  ): { object: KubeObject; created: boolean } {
    const { type: patchType, body } = patch;
    if (patchType === 'apply') return this.apply(type, name, namespace, body, options);
    const current = this.existing(type, name, namespace);
    const next = carryOver(
      type,
      current,
      patched(type, current, { type: patchType, body }),
      options.subresource,
    );
    const tracked = trackedUpdate(type, current, next, writer('Update', apiVersionOf(type), options));
    return { object: this.replace(type, current, tracked, options), created: false };
  }

  /**
   * Deletes an object, or marks it for those who have to act first.
   *
   * @returns the object as it was last: with a deletionTimestamp when it is still there.
   */
  delete(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    options: DeleteOptions = {},
  ): KubeObject {
    const current = this.existing(type, name, namespace);
    checkPreconditions(type, current, options);
    checkNotProtected(type, name);
    const dryRun = options.dryRun ?? false;
    const request = { operation: 'DELETE', type, object: current, old: current, dryRun } as const;
    for (const plugin of this.plugins) plugin.validate?.({ ...request, fieldValidation: 'Warn' });
    const marked = markedForDeletion(type, current, options, () => this.mayOwn(type, current));
    if (marked !== undefined) return this.store.update(marked, { dryRun });
    if (!dryRun) this.store.remove(keyOf(type), name, namespace);
    return current;
  }

  private apply(
    type: ResourceType,
    name: string,
    namespace: string | undefined,
    body: unknown,
    options: WriteOptions & { force?: boolean | undefined },
  ): { object: KubeObject; created: boolean } {
    if (!options.fieldManager) {
      throw badRequest('fieldManager: Required value: is required for apply patch');
    }
    const config = configurationOf(type, name, namespace, body, options.subresource);
    const applier = writer('Apply', config.apiVersion, options);
    const live = this.store.find(keyOf(type), name, namespace);
    const force = options.force ?? false;
    if (live === undefined) {
      if (options.subresource !== undefined) throw notFound(type, name);
      refuseIdentity(type, config);
      const { managers } = applied({}, config, new Map(), applier, schemaOf(type), force);
      const draft = withManagers(this.fresh(type, config), managers);
      return { object: this.insert(type, draft, options), created: true };
    }
    const before = managersToApplyTo(type, live, config.apiVersion);
    const { object, managers } = applied(live, config, before, applier, schemaOf(type), force);
    const next = carryOver(type, live, object as KubeObject, options.subresource);
    return { object: this.replace(type, live, withManagers(next, managers), options), created: false };
  }

  /** A copy of a client's object with a name and without what only the API sets. */
  private fresh(type: ResourceType, object: KubeObject): KubeObject {
    const {
      uid: _u,
      resourceVersion: _r,
      creationTimestamp: _c,
      generation: _g,
      deletionTimestamp: _d,
      deletionGracePeriodSeconds: _s,
      managedFields: _m,
      selfLink: _l,
      ...metadata
    } = object.metadata;
    const { status, ...rest } = object;
    const kept = status === undefined || type.subresources.includes('status') ? rest : { ...rest, status };
    const draft = { ...kept, metadata: metadata as KubeObject['metadata'] } as KubeObject;
    return assignName(type, draft, (name, namespace) => {
      return this.store.find(keyOf(type), name, namespace) !== undefined;
    });
  }

  private insert(type: ResourceType, draft: KubeObject, options: WriteOptions): KubeObject {
    checkNamespace(this.store, type, draft);
    const { dryRun = false, fieldValidation = 'Warn', warn } = options;
    const admitted = admit(this.plugins, {
      operation: 'CREATE',
      type,
      object: draft,
      dryRun,
      fieldValidation,
      warn,
    });
    validateName(type, admitted);
    return this.store.create(admitted, { dryRun });
  }

  private replace(
    type: ResourceType,
    current: KubeObject,
    next: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    const { dryRun = false, fieldValidation = 'Warn', subresource, warn } = options;
    const request = {
      operation: 'UPDATE',
      type,
      object: next,
      old: current,
      dryRun,
      fieldValidation,
      warn,
    } as const;
    // A request does not tell plugins of a subresource, and none of them has a say in what was observed.
    const admitted = subresource === 'status' ? next : admit(this.plugins, request);
    if (sameButTimes(admitted, current)) return current;
    if (!isReleased(type, admitted)) return this.store.update(admitted, { dryRun });
    if (!dryRun) this.store.remove(keyOf(type), current.metadata.name, current.metadata.namespace);
    return admitted;
  }

  /** Whether the garbage collector has to look after what an object owns before the object may go. */
  private mayOwn(type: ResourceType, { metadata: { uid } }: KubeObject): boolean {
    if (type.group === 'apps') return true;
    return this.store.types.some((each) =>
      this.store
        .list(keyOf(each))
        .some(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid)),
    );
  }

  private typeOf({ apiVersion, kind }: KubeObject): ResourceType {
    const type = this.store.typeOf(apiVersion, kind);
    if (type === undefined) throw badRequest(`no matches for kind "${kind}" in version "${apiVersion}"`);
    return type;
  }

  private existing(type: ResourceType, name: string, namespace: string | undefined): KubeObject {
    const object = this.store.find(keyOf(type), name, namespace);
    if (object === undefined) throw notFound(type, name);
    return object;
  }
}

function writer(operation: ManagerName['operation'], apiVersion: string, options: WriteOptions): ManagerName {
  const { fieldManager = 'unknown', subresource = '' } = options;
  return { manager: fieldManager, operation, apiVersion, subresource };
}

/** A configuration for one certain object creates no other. */
function refuseIdentity(type: ResourceType, { metadata: { name, uid, resourceVersion } }: KubeObject): void {
  if (uid !== undefined) {
    const found = 'and no existing object was found';
    throw conflict(type, name, `uid mismatch: the provided object specified uid ${uid}, ${found}`);
  }
  if (resourceVersion !== undefined) throw notFound(type, name);
}
