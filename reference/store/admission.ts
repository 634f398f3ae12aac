import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { ResourceType } from './resource-type.ts';

/** How strict the API is with fields it does not know. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  type: ResourceType;
  /** What is to be stored; what is to go when it is a deletion. A plugin that mutates may change it in place. */
  object: KubeObject;
  old?: KubeObject;
  dryRun: boolean;
  fieldValidation: FieldValidation;
  /** Tells the client something that is no reason to refuse. */
  warn?: ((message: string) => void) | undefined;
}

/** Something that may change or refuse what is written. It refuses by throwing a StatusError. */
export interface AdmissionPlugin {
  mutate?(request: AdmissionRequest): KubeObject;
  validate?(request: AdmissionRequest): void;
}

/**
 * Lets all plugins change an object, one after the other, and then all of them check the result.
 *
 * @returns the object as it may be stored.
 */
export function admit(plugins: readonly AdmissionPlugin[], request: AdmissionRequest): KubeObject {
  let object = structuredClone(request.object);
  for (const plugin of plugins) object = plugin.mutate?.({ ...request, object }) ?? object;
  for (const plugin of plugins) plugin.validate?.({ ...request, object });
  return object;
}
